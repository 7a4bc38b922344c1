/** Sessions, and the inputs and payloads of their list, of sign-out and of revocation. */
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AssuranceLevel, AuthMethod } from '../../domain/caller.ts';
import { connectionType } from './connection.ts';
import { Location, RiskAssessment } from './risk.ts';

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
  EMAIL_CODE: 'EMAIL_CODE',
  SMS_CODE: 'SMS_CODE',
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
    EMAIL_CODE: { description: 'A code or a link in a mail.' },
    SMS_CODE: { description: 'A code in an SMS.' },
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

  @Field(() => Location, { nullable: true, description: 'Where the address of the sign-in is. Null: not known.' })
  location!: Location | null;

  @Field(() => RiskAssessment, {
    nullable: true,
    description: 'The assessment of the sign-in. Null with `RISK=off`, and for older sessions.',
  })
  risk!: RiskAssessment | null;
}

export const SessionConnection = connectionType(Session, 'Session', 'sessions');
export type SessionConnection = InstanceType<typeof SessionConnection>;

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
