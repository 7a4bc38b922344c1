/** Inputs and results of signing in with an external provider. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { AuthMethod } from '../../domain/caller.ts';
import { EmailAddressScalar } from '../scalars.ts';
import { AuthSession, type Delivery, SessionDeliveryEnum, SessionOptionsInput } from './auth-session.ts';
import { MfaChallenge } from './mfa.ts';
import { RegisterPayload } from './registration.ts';
import { AuthMethodEnum } from './session.ts';

export const FederatedPurposeEnum = {
  SIGN_IN: 'SIGN_IN',
  LINK: 'LINK',
  REAUTHENTICATE: 'REAUTHENTICATE',
} as const;
registerEnumType(FederatedPurposeEnum, {
  name: 'FederatedPurpose',
  description: 'What a visit to a provider is for.',
  valuesConfig: {
    SIGN_IN: { description: 'Sign in or sign up: `completeFederatedLogin`.' },
    LINK: { description: 'Link an identity to the signed-in user: `linkIdentity`.' },
    REAUTHENTICATE: { description: 'Authenticate the session again: `reauthenticate`.' },
  },
});

@InputType({ description: 'The provider, and where the application continues.' })
export class BeginFederatedLoginInput {
  @Field(() => ID, { description: 'The `id` of the provider.' })
  providerId!: string;

  @Field(() => String, {
    description: 'Where the browser returns to: one of the addresses that the operator has listed, letter by letter.',
  })
  returnTo!: string;

  @Field(() => String, {
    description:
      'The base64url SHA-256 of a random verifier of 43 to 128 characters that the application keeps (RFC 7636, `S256`). Without the verifier the exchange code is of no use.',
  })
  codeChallenge!: string;

  @Field(() => FederatedPurposeEnum, { description: 'What the visit is for.' })
  purpose!: keyof typeof FederatedPurposeEnum;

  @Field(() => String, { nullable: true, description: 'An address or name for the form of the provider.' })
  loginHint?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the provider asks the user: `login`, `consent` or `select_account`.',
  })
  prompt?: string | null;

  @Field(() => SessionDeliveryEnum, {
    defaultValue: 'BEARER',
    description:
      '`COOKIE`: only the browser that begins can continue, which a cookie proves. Send the request with credentials, as for `login`.',
  })
  delivery!: Delivery;
}

@ObjectType({ description: 'The answer to `beginFederatedLogin`.' })
export class BeginFederatedLoginPayload {
  @Field(() => String, { description: 'Open it in the browser.' })
  authorizationUrl!: string;

  @Field(() => ID, {
    description: 'The browser returns with the same value beside the code: it names the verifier of this visit.',
  })
  flow!: string;

  @Field(() => Date, { description: 'The time until which the user has to return.' })
  expiresAt!: Date;
}

@InputType({ description: 'The exchange code, its verifier, and the options of the session.' })
export class CompleteFederatedLoginInput extends SessionOptionsInput {
  @Field(() => String, {
    description: 'The `code` of the address that the browser returned to. Single use, for a minute.',
  })
  code!: string;

  @Field(() => String, { description: 'The verifier whose hash was the `codeChallenge`.' })
  codeVerifier!: string;
}

@InputType({ description: 'The ID token of a native app, and the options of the session.' })
export class LoginWithIdTokenInput extends SessionOptionsInput {
  @Field(() => ID, { description: 'The `id` of the provider.' })
  providerId!: string;

  @Field(() => String, {
    description: 'The ID token of the SDK of the provider. At most 10 minutes old; it signs in once.',
  })
  idToken!: string;

  @Field(() => String, { description: 'The random nonce that the app passed to the SDK.' })
  nonce!: string;
}

@InputType({ description: 'The ticket of a `LinkProposal`, one proof of the account, and the options of the session.' })
export class AcceptLinkInput extends SessionOptionsInput {
  @Field(() => String, { description: 'The ticket.' })
  ticket!: string;

  @Field(() => String, { nullable: true, description: 'The password of the account.' })
  password?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: '`AuthenticationResponseJSON`: the response of the browser to the options of `beginPasskeyLogin`.',
  })
  passkey?: Record<string, unknown> | null;
}

@InputType({ description: 'The ticket of a `SignUpProposal`, and the new account.' })
export class FinishFederatedSignUpInput extends SessionOptionsInput {
  @Field(() => String, { description: 'The ticket.' })
  ticket!: string;

  @Field(() => EmailAddressScalar, {
    nullable: true,
    description: 'The address of the account. Absent: the one that the provider has verified.',
  })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The display name. Absent: the one of the provider. At most 100 characters.',
  })
  displayName?: string | null;
}

@ObjectType({
  description:
    'An account has the verified address of an identity that no user has. `acceptLink` with a proof of the account links both.',
})
export class LinkProposal {
  @Field(() => String, { description: 'For `acceptLink`. A wrong proof leaves it valid.' })
  ticket!: string;

  @Field(() => EmailAddressScalar, { description: 'The address of the account.' })
  email!: string;

  @Field(() => [AuthMethodEnum], {
    description:
      'The proofs that `acceptLink` takes for this account. Empty: the user signs in another way and links the identity then, or sets a password by mail first.',
  })
  proofs!: AuthMethod[];

  @Field(() => Date, { description: 'The time until which the ticket is valid.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'No account belongs to the identity. `finishFederatedSignUp` creates one.' })
export class SignUpProposal {
  @Field(() => String, { description: 'For `finishFederatedSignUp`. Single use.' })
  ticket!: string;

  @Field(() => EmailAddressScalar, {
    nullable: true,
    description: 'The address that the provider has verified, or null.',
  })
  email!: string | null;

  @Field(() => String, { nullable: true, description: 'The name at the provider.' })
  displayName!: string | null;

  @Field(() => [String], { description: 'The fields of `finishFederatedSignUp` that the user has to fill: `email`.' })
  missing!: string[];

  @Field(() => Date, { description: 'The time until which the ticket is valid.' })
  expiresAt!: Date;
}

export const FederatedLoginResult = createUnionType({
  name: 'FederatedLoginResult',
  description:
    'The result of a sign-in with a provider. Select `__typename`: a required next step is a member of this union, not an error. New members may be added.',
  types: () => [AuthSession, MfaChallenge, LinkProposal, SignUpProposal] as const,
  resolveType(result) {
    if ('proofs' in result) return LinkProposal;
    if ('missing' in result) return SignUpProposal;
    return 'ticket' in result ? MfaChallenge : AuthSession;
  },
});

export const FederatedSignUpResult = createUnionType({
  name: 'FederatedSignUpResult',
  description:
    'The result of a sign-up with a provider: a session where the provider has verified the address, otherwise the next step of a registration. New members may be added.',
  types: () => [AuthSession, MfaChallenge, RegisterPayload] as const,
  resolveType(result) {
    if ('status' in result) return RegisterPayload;
    return 'ticket' in result ? MfaChallenge : AuthSession;
  },
});
