/** Sessions, and the inputs and payloads of sign-in, refresh, sign-out and revocation. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AssuranceLevel, AuthMethod } from '../../domain/caller.ts';
import { EmailAddressScalar } from '../scalars.ts';
import { connectionType } from './connection.ts';
import { MfaChallenge } from './mfa.ts';
import { Viewer } from './viewer.ts';

export const AssuranceLevelEnum = { AAL1: 'AAL1', AAL2: 'AAL2' } as const;
registerEnumType(AssuranceLevelEnum, {
  name: 'AssuranceLevel',
  description: 'The authenticator assurance level (NIST SP 800-63B).',
  valuesConfig: {
    AAL1: { description: 'One factor was proven.' },
    AAL2: { description: 'Two factors were proven.' },
  },
});

export const AuthMethodEnum = {
  PASSWORD: 'PASSWORD',
  TOTP: 'TOTP',
  BACKUP_CODE: 'BACKUP_CODE',
  PASSKEY: 'PASSKEY',
  FEDERATED: 'FEDERATED',
} as const;
registerEnumType(AuthMethodEnum, {
  name: 'AuthMethod',
  description: 'The authentication methods.',
  valuesConfig: {
    PASSWORD: { description: 'The password of the account.' },
    TOTP: { description: 'A code of an authenticator app.' },
    BACKUP_CODE: { description: 'A backup code.' },
    PASSKEY: { description: 'A passkey (WebAuthn).' },
    FEDERATED: { description: 'An account at an external provider, such as Google.' },
  },
});

@ObjectType({
  description: 'One signed-in device. It persists across refreshes and ends by sign-out, revocation or expiry.',
})
export class Session {
  @Field(() => ID, { description: 'A UUIDv7. Equal to the claim `sid` of its access tokens.' })
  id!: string;

  @Field(() => Boolean, { description: 'True for the session of this request.' })
  current!: boolean;

  @Field(() => Date, { description: 'The time of the sign-in.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'The time of the last refresh.' })
  lastUsedAt!: Date;

  @Field(() => Date, { description: 'The time at which the session expires unless it is refreshed.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'The IP address of the sign-in.' })
  ipAddress!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The `User-Agent` header of the sign-in. The client chooses it.',
  })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The device name that was passed at sign-in.' })
  deviceName!: string | null;

  @Field(() => AssuranceLevelEnum, { description: 'The assurance level of the session.' })
  assurance!: AssuranceLevel;

  @Field(() => [AuthMethodEnum], { description: 'The authentication methods of the session.' })
  methods!: AuthMethod[];
}

export const SessionConnection = connectionType(Session, 'Session', 'sessions');
export type SessionConnection = InstanceType<typeof SessionConnection>;

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

@InputType({
  description:
    'The proof of recent authentication: the password, a passkey or a provider, each also with a code, or a code alone.',
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
      'The code of a sign-in that this session began with the purpose `REAUTHENTICATION`. The provider has to state that the user authenticated within the last minute.',
  })
  federated?: FederatedCodeInput | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The current six-digit code of the authenticator app, or an unused backup code. Either raises the session to `AAL2`.',
  })
  code?: string | null;
}

@InputType({ description: 'The session to revoke.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The `id`.' })
  id!: string;
}

@InputType({ description: 'The sessions to revoke. Empty: all sessions except the session of this request.' })
export class RevokeOtherSessionsInput {
  @Field(() => Date, { nullable: true, description: 'Revokes only sessions that signed in before this time.' })
  signedInBefore?: Date | null;
}

@ObjectType({ description: 'The answer to `revokeSession`.' })
export class RevokeSessionPayload {
  @Field(() => Int, { description: 'The number of revoked sessions. Their tokens are rejected at once.' })
  revokedCount!: number;
}

@ObjectType({ description: 'The answer to `revokeOtherSessions`.' })
export class RevokeOtherSessionsPayload {
  @Field(() => Int, { description: 'The number of revoked sessions. Their tokens are rejected at once.' })
  revokedCount!: number;
}

@InputType({ description: 'The token of a security mail.' })
export class DisownSessionInput {
  @Field(() => String, { description: 'The text after `#token=` in the link `/not-me` of the mail. Single use.' })
  token!: string;
}

@ObjectType({
  description:
    'The answer to `disownSession`. One mail lists the removed factors, another one has a link to choose a new password.',
})
export class DisownSessionPayload {
  @Field(() => Int, { description: 'The number of revoked sessions. 0 when the session had already ended.' })
  revokedCount!: number;
}

@InputType({ description: 'The session to end. Empty: the session of the access token.' })
export class LogoutInput {
  @Field(() => String, {
    nullable: true,
    description: 'A refresh token of the session to end, for clients with an expired access token.',
  })
  refreshToken?: string | null;
}

@ObjectType({ description: 'The answer to `logout`.' })
export class LogoutPayload {
  @Field(() => Boolean, { description: 'True when an active session was ended. False when it had already ended.' })
  revoked!: boolean;
}
