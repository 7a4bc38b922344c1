/** Sessions, and what signing in and refreshing hand out. */
import { createUnionType, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AssuranceLevel, AuthMethod } from '../../domain/caller.ts';
import { EmailAddressScalar } from '../scalars.ts';
import { connectionType } from './connection.ts';
import { MfaChallenge } from './mfa.ts';
import { Viewer } from './viewer.ts';

export const AssuranceLevelEnum = { AAL1: 'AAL1', AAL2: 'AAL2' } as const;
registerEnumType(AssuranceLevelEnum, {
  name: 'AssuranceLevel',
  description: 'How sure we are of who is signed in (NIST SP 800-63B).',
  valuesConfig: {
    AAL1: { description: 'One factor.' },
    AAL2: { description: 'Two factors.' },
  },
});

export const AuthMethodEnum = {
  PASSWORD: 'PASSWORD',
  TOTP: 'TOTP',
  BACKUP_CODE: 'BACKUP_CODE',
  PASSKEY: 'PASSKEY',
} as const;
registerEnumType(AuthMethodEnum, {
  name: 'AuthMethod',
  description: 'A way of proving who one is.',
  valuesConfig: {
    PASSWORD: { description: 'The password of the account.' },
    TOTP: { description: 'A code of an authenticator app.' },
    BACKUP_CODE: { description: 'One of the codes for when the app is lost.' },
    PASSKEY: { description: 'A passkey (WebAuthn).' },
  },
});

@ObjectType({
  description: 'One signed-in device. It lives through refreshes and ends by signing out, by revocation or in time.',
})
export class Session {
  @Field(() => ID, { description: 'UUIDv7. Equal to the `sid` of its access tokens.' })
  id!: string;

  @Field(() => Boolean, { description: 'Whether it is the session this request was made through.' })
  current!: boolean;

  @Field(() => Date, { description: 'When the device signed in.' })
  createdAt!: Date;

  @Field(() => Date, { description: 'When it last refreshed.' })
  lastUsedAt!: Date;

  @Field(() => Date, { description: 'When it ends unless it is refreshed before.' })
  expiresAt!: Date;

  @Field(() => String, { nullable: true, description: 'The address it signed in from.' })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The browser or app it signed in with, as that called itself.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'What `login` was told the device is called.' })
  deviceName!: string | null;

  @Field(() => AssuranceLevelEnum, { description: 'How sure we are of who signed in.' })
  assurance!: AssuranceLevel;

  @Field(() => [AuthMethodEnum], { description: 'What was proven at sign-in.' })
  methods!: AuthMethod[];
}

export const SessionConnection = connectionType(Session, 'Session');
export type SessionConnection = InstanceType<typeof SessionConnection>;

export const SessionDeliveryEnum = { BEARER: 'BEARER', COOKIE: 'COOKIE' } as const;
export type Delivery = keyof typeof SessionDeliveryEnum;
registerEnumType(SessionDeliveryEnum, {
  name: 'SessionDelivery',
  description: 'How the refresh token travels.',
  valuesConfig: {
    BEARER: { description: 'In the answer: for apps and servers that can keep a secret.' },
    COOKIE: {
      description:
        'In an HttpOnly cookie: for browsers. `refresh` then needs the header `X-CSRF-Token` with the `csrfToken` of the session.',
    },
  },
});

@ObjectType({
  description:
    'You are signed in. Send `Authorization: Bearer <accessToken>`, and exchange the refresh token for the next pair before `accessTokenExpiresAt`.',
})
export class AuthSession {
  @Field(() => String, { description: 'A JWT (ES256). Keep it in memory only.' })
  accessToken!: string;

  @Field(() => Date, { description: 'When the access token ends.' })
  accessTokenExpiresAt!: Date;

  @Field(() => Int, { description: 'The same in seconds from now, for clients whose clock may be wrong.' })
  expiresIn!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Good for one `refresh`. Shown this once: keep it safe. Null when it came as a cookie.',
  })
  refreshToken!: string | null;

  @Field(() => Date, { description: 'When the refresh token ends if it is not used.' })
  refreshTokenExpiresAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Cookie mode only: send it as `X-CSRF-Token` with `refresh`. It lives as long as the session.',
  })
  csrfToken!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Bearer mode, after signing in only: keep it, and send it as `X-Device-Token` when signing in again. It opens nothing, but keeps this device able to sign in while others are locked out.',
  })
  deviceToken!: string | null;

  @Field(() => Session, { description: 'The session these tokens belong to.' })
  session!: Session;

  @Field(() => Viewer, { description: 'Who is signed in.' })
  viewer!: Viewer;
}

export const LoginResult = createUnionType({
  name: 'LoginResult',
  description:
    'What the right password leads to. Ask for `__typename` and expect new members: a step you must take next is a member, not an error.',
  types: () => [AuthSession, MfaChallenge] as const,
  resolveType: (result) => ('ticket' in result ? MfaChallenge : AuthSession),
});

@InputType({ description: 'What to sign in with.' })
export class LoginInput {
  @Field(() => EmailAddressScalar, { description: 'The address of the account.' })
  email!: string;

  @Field(() => String, { description: 'Its password.' })
  password!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Stay signed in for 30 days without use (90 at most) instead of the usual 7 (30 at most).',
  })
  rememberMe!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'What to call this device in the list of sessions. At most 100 characters.',
  })
  deviceName?: string | null;

  @Field(() => SessionDeliveryEnum, { defaultValue: 'BEARER', description: 'How to get the refresh token.' })
  delivery!: Delivery;
}

@InputType({ description: 'What to refresh. May be empty: then it is the session of the cookie.' })
export class RefreshInput {
  @Field(() => String, {
    nullable: true,
    description: 'The newest refresh token of the session; absent in cookie mode.',
  })
  refreshToken?: string | null;
}

@InputType({ description: 'Proof that it is still you: the password, a code of your authenticator app, or both.' })
export class ReauthenticateInput {
  @Field(() => String, { nullable: true, description: 'The password of the account.' })
  password?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The six digits that your authenticator app shows now, or a backup code, which is then used up. Either lifts the session to `AAL2`.',
  })
  code?: string | null;
}

@InputType({ description: 'Which session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'Its `id`.' })
  id!: string;
}

@InputType({ description: 'Which sessions to end. May be empty: then it is all but the one you ask through.' })
export class RevokeOtherSessionsInput {
  @Field(() => Date, { nullable: true, description: 'Only those that signed in before this time.' })
  signedInBefore?: Date | null;
}

@ObjectType({ description: 'The answer to `revokeSession`.' })
export class RevokeSessionPayload {
  @Field(() => Int, { description: 'How many sessions ended. Their tokens stopped working at once.' })
  revokedCount!: number;
}

@ObjectType({ description: 'The answer to `revokeOtherSessions`.' })
export class RevokeOtherSessionsPayload {
  @Field(() => Int, { description: 'How many sessions ended. Their tokens stopped working at once.' })
  revokedCount!: number;
}

@InputType({ description: 'The token of a mail about something that was not you.' })
export class DisownSessionInput {
  @Field(() => String, { description: 'What stands behind `#token=` in the link `/not-me` of the mail. Works once.' })
  token!: string;
}

@ObjectType({
  description: 'The answer to `disownSession`. A mail names what was removed, and another one leads to a new password.',
})
export class DisownSessionPayload {
  @Field(() => Int, { description: 'How many sessions ended: none when it had ended before.' })
  revokedCount!: number;
}

@InputType({ description: 'What to sign out of. May be empty: then it is the session of the access token.' })
export class LogoutInput {
  @Field(() => String, {
    nullable: true,
    description: 'A refresh token of the session to end: for clients whose access token has ended.',
  })
  refreshToken?: string | null;
}

@ObjectType({ description: 'The answer to `logout`.' })
export class LogoutPayload {
  @Field(() => Boolean, { description: 'Whether a living session ended. False when it had ended before.' })
  revoked!: boolean;
}
