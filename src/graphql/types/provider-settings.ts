/** The settings of a provider as administrators give them. */
import { Field, InputType, Int, registerEnumType } from 'type-graphql';

export const LinkingPolicyEnum = { PROVE: 'PROVE', VERIFIED: 'VERIFIED', NEVER: 'NEVER' } as const;
registerEnumType(LinkingPolicyEnum, {
  name: 'LinkingPolicy',
  description: 'What happens when an unknown identity has the verified address of an account.',
  valuesConfig: {
    PROVE: { description: 'The user proves the account: `LinkProposal`.' },
    VERIFIED: { description: 'Google and Apple link at once to an account with a confirmed address.' },
    NEVER: { description: 'The sign-in is refused.' },
  },
});

export const SignUpPolicyEnum = { ALLOW: 'ALLOW', OFF: 'OFF' } as const;
registerEnumType(SignUpPolicyEnum, {
  name: 'SignUpPolicy',
  description: 'Whether users sign up with a provider.',
  valuesConfig: {
    ALLOW: { description: 'New users can sign up.' },
    OFF: { description: 'Only users with an account sign in.' },
  },
});

@InputType({ description: 'The addresses of a provider without metadata: `GITHUB` and `OAUTH2`.' })
export class FederatedEndpointsInput {
  @Field(() => String, { description: 'The address that the browser opens.' })
  authorization!: string;

  @Field(() => String, { description: 'The address that exchanges codes for tokens.' })
  token!: string;

  @Field(() => String, { description: 'The address that answers JSON about the user.' })
  user!: string;

  @Field(() => String, { nullable: true, description: '`GITHUB`: the address that lists the e-mail addresses.' })
  emails?: string | null;
}

@InputType({ description: 'The names of the members in the answer about a user. For `OAUTH2`.' })
export class FederatedMappingInput {
  @Field(() => String, { nullable: true, description: 'The id of the user at the provider. Absent: `id`.' })
  subject?: string | null;

  @Field(() => String, { nullable: true, description: 'The e-mail address. Absent: `email`.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Whether the provider has verified the address. Absent: `email_verified`.',
  })
  emailVerified?: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the user. Absent: `name`.' })
  displayName?: string | null;
}

@InputType({ description: 'Values of the ID token that stand for the second factor of the account.' })
export class TrustedMfaInput {
  @Field(() => [String], { nullable: true, description: 'Values of `acr`.' })
  acr?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Values of `amr`, for example `mfa`.' })
  amr?: string[] | null;
}

@InputType({
  description:
    'Which users may sign in with the provider, and which of its statements are trusted. Absent members have their default.',
})
export class FederatedPolicyInput {
  @Field(() => LinkingPolicyEnum, {
    nullable: true,
    description: 'An unknown identity with the verified address of an account. Absent: `PROVE`.',
  })
  linking?: keyof typeof LinkingPolicyEnum | null;

  @Field(() => SignUpPolicyEnum, { nullable: true, description: 'Whether new users sign up. Absent: `ALLOW`.' })
  signUp?: keyof typeof SignUpPolicyEnum | null;

  @Field(() => Boolean, {
    nullable: true,
    description: '`OIDC` and `OAUTH2`: whether the provider verifies the addresses that it calls verified. Absent: no.',
  })
  trustsEmail?: boolean | null;

  @Field(() => TrustedMfaInput, { nullable: true, description: 'The trusted second factors. Absent: none.' })
  trustsMfa?: TrustedMfaInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the tokens of the provider are kept, sealed. No operation returns them. Absent: no.',
  })
  storeTokens?: boolean | null;

  @Field(() => [String], { nullable: true, description: 'Domains of verified addresses. Absent: every user.' })
  allowedDomains?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      '`MICROSOFT`: ids of tenants. Required when the issuer names no tenant (`common`, `organizations`, `consumers`).',
  })
  allowedTenants?: string[] | null;
}

@InputType({ description: 'The key with which the gateway signs client secrets for Apple.' })
export class AppleKeyInput {
  @Field(() => String, { description: 'The id of the developer team.' })
  teamId!: string;

  @Field(() => String, { description: 'The id of the key.' })
  keyId!: string;

  @Field(() => String, { description: 'The private key: PKCS #8 in PEM. It is stored sealed and never returned.' })
  privateKey!: string;
}

@InputType({ description: 'The part of a provider that can be changed.' })
export abstract class ProviderSettingsInput {
  @Field(() => Boolean, { nullable: true, description: 'Whether users can sign in with it.' })
  enabled?: boolean | null;

  @Field(() => Int, { nullable: true, description: 'The place in the list of providers: 0 to 10000, lowest first.' })
  position?: number | null;

  @Field(() => String, { nullable: true, description: 'The address of an icon for a button.' })
  iconUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'The client secret. It is stored sealed and never returned.' })
  clientSecret?: string | null;

  @Field(() => AppleKeyInput, { nullable: true, description: '`APPLE`: the key, in place of a client secret.' })
  appleKey?: AppleKeyInput | null;

  @Field(() => FederatedEndpointsInput, {
    nullable: true,
    description: 'Required for `OAUTH2`; `GITHUB`: of GitHub Enterprise. Other kinds have metadata.',
  })
  endpoints?: FederatedEndpointsInput | null;

  @Field(() => [String], { nullable: true, description: 'The scopes to ask for. Absent: those of the kind.' })
  scopes?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Client ids of native apps, whose ID tokens `loginWithIdToken` accepts.',
  })
  nativeClientIds?: string[] | null;

  @Field(() => FederatedMappingInput, {
    nullable: true,
    description: '`OAUTH2`: the names in the answer about a user.',
  })
  mapping?: FederatedMappingInput | null;

  @Field(() => FederatedPolicyInput, { nullable: true, description: 'The policy.' })
  policy?: FederatedPolicyInput | null;
}
