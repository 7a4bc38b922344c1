/** The tokens of a session, and the inputs and results of sign-in, refresh and reauthentication. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { createUnionType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars.ts';
import { MfaChallenge } from './mfa.ts';
import { Session } from './session.ts';
import { Viewer } from './viewer.ts';

export const SessionDeliveryEnum = { BEARER: 'BEARER', COOKIE: 'COOKIE' } as const;
export type Delivery = keyof typeof SessionDeliveryEnum;
registerEnumType(SessionDeliveryEnum, {
  name: 'SessionDelivery',
  description: 'The ways in which the refresh token is returned.',
  valuesConfig: {
    BEARER: { description: 'In the response, for apps and servers that can store a secret.' },
    COOKIE: {
      description:
        'In an HttpOnly cookie, for browsers. `refresh` then requires the header `X-CSRF-Token` with the `csrfToken` of the session.',
    },
  },
});

@ObjectType({
  description:
    'The tokens of a signed-in user. Send `Authorization: Bearer <accessToken>`, and call `refresh` before `accessTokenExpiresAt`.',
})
export class AuthSession {
  @Field(() => String, { description: 'A JWT (ES256). Keep it in memory only.' })
  accessToken!: string;

  @Field(() => Date, { description: 'The time at which the access token expires.' })
  accessTokenExpiresAt!: Date;

  @Field(() => Int, {
    description: 'The lifetime of the access token in seconds from now, independent of the clock of the client.',
  })
  expiresIn!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Valid for one `refresh`. Shown only once: store it safely. Null in cookie mode.',
  })
  refreshToken!: string | null;

  @Field(() => Date, { description: 'The time at which the refresh token expires unless it is used.' })
  refreshTokenExpiresAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Cookie mode only: send it as `X-CSRF-Token` with `refresh`. Valid as long as the session.',
  })
  csrfToken!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Bearer mode, after a sign-in only: store it, and send it as `X-Device-Token` with the next sign-in. It grants no access; failed sign-ins from other devices then do not lock out this device.',
  })
  deviceToken!: string | null;

  @Field(() => Session, { description: 'The session of these tokens.' })
  session!: Session;

  @Field(() => Viewer, { description: 'The signed-in user.' })
  viewer!: Viewer;
}

export const LoginResult = createUnionType({
  name: 'LoginResult',
  description:
    'The result of a correct password. Select `__typename`: a required next step is a member of this union, not an error. New members may be added.',
  types: () => [AuthSession, MfaChallenge] as const,
  resolveType: (result) => ('ticket' in result ? MfaChallenge : AuthSession),
});

@InputType({ description: 'How the session is started.' })
export abstract class SessionOptionsInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total).',
  })
  rememberMe!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The name of this device in the list of sessions. At most 100 characters.',
  })
  deviceName?: string | null;

  @Field(() => SessionDeliveryEnum, {
    defaultValue: 'BEARER',
    description: 'The way in which the refresh token is returned.',
  })
  delivery!: Delivery;
}

@InputType({ description: 'The credentials and options of a sign-in.' })
export class LoginInput {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address of the account.' })
  email!: string;

  @Field(() => String, { description: 'The password of the account.' })
  password!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Keeps the session for 30 days without use (90 days in total) instead of 7 (30 in total).',
  })
  rememberMe!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The name of this device in the list of sessions. At most 100 characters.',
  })
  deviceName?: string | null;

  @Field(() => SessionDeliveryEnum, {
    defaultValue: 'BEARER',
    description: 'The way in which the refresh token is returned.',
  })
  delivery!: Delivery;
}

@InputType({ description: 'The session to refresh. Empty: the session of the cookie.' })
export class RefreshInput {
  @Field(() => String, {
    nullable: true,
    description: 'The newest refresh token of the session. Absent in cookie mode.',
  })
  refreshToken?: string | null;
}

@InputType({ description: 'The exchange code of a sign-in with an external provider.' })
export class FederatedCodeInput {
  @Field(() => String, {
    description: 'The `code` of the address that the browser returned to. Single use, for a minute.',
  })
  code!: string;

  @Field(() => String, { description: 'The verifier whose hash was the `codeChallenge` (RFC 7636).' })
  codeVerifier!: string;
}

@InputType({ description: 'A code of a mail, and what it belongs to.' })
export class EmailCodeInput {
  @Field(() => String, { description: 'The `flow` of `beginReauthenticationCode`.' })
  flow!: string;

  @Field(() => String, { description: 'The eight digits of the mail. Spaces and dashes are ignored.' })
  code!: string;
}

@InputType({
  description:
    'The proof of recent authentication: the password, a passkey, a provider or the code of a mail, each also with a code, or a code alone.',
})
export class ReauthenticateInput {
  @Field(() => String, { nullable: true, description: 'The password of the account.' })
  password?: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      '`AuthenticationResponseJSON`: the response of the browser to the options of `beginPasskeyLogin` with `reauthenticate: true` in this session. It raises the session to `AAL2`.',
  })
  passkey?: Record<string, unknown> | null;

  @Field(() => FederatedCodeInput, {
    nullable: true,
    description:
      'The code of a sign-in that this session began with the purpose `REAUTHENTICATE`. The provider has to state that the user authenticated within the last minute.',
  })
  federated?: FederatedCodeInput | null;

  @Field(() => EmailCodeInput, {
    nullable: true,
    description: 'The code that `beginReauthenticationCode` mailed for this session.',
  })
  emailCode?: EmailCodeInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The current six-digit code of the authenticator app, or an unused backup code. Either raises the session to `AAL2`.',
  })
  code?: string | null;
}
