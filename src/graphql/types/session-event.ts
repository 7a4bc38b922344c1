/** The events of a session that its client receives as a stream. */
import { createUnionType, Field, ObjectType, registerEnumType } from 'type-graphql';
import type { SessionEndReason } from '../../domain/sessions/end-reason.ts';
import { Session } from './session.ts';
import { Role } from './viewer.ts';

export const SessionEndReasonEnum = {
  SIGNED_OUT: 'SIGNED_OUT',
  REVOKED: 'REVOKED',
  EXPIRED: 'EXPIRED',
  SUSPENDED: 'SUSPENDED',
  DELETED: 'DELETED',
  PASSWORD_CHANGED: 'PASSWORD_CHANGED',
  TOKEN_REUSE: 'TOKEN_REUSE',
  ACCOUNT_RECOVERED: 'ACCOUNT_RECOVERED',
} as const satisfies { [Reason in SessionEndReason]: Reason };
registerEnumType(SessionEndReasonEnum, {
  name: 'SessionEndReason',
  description: 'Why a session ended. New reasons may be added.',
  valuesConfig: {
    SIGNED_OUT: { description: 'The user signed out.' },
    REVOKED: { description: 'The user or an administrator revoked the session, or newer sessions replaced it.' },
    EXPIRED: { description: 'The session was not refreshed in time.' },
    SUSPENDED: { description: 'The account was suspended.' },
    DELETED: { description: 'The account was deleted.' },
    PASSWORD_CHANGED: { description: 'The password was changed or reset.' },
    TOKEN_REUSE: { description: 'A used refresh token was presented again: it may have been stolen.' },
    ACCOUNT_RECOVERED: { description: 'The owner of the account reported the session as foreign.' },
  },
});

@ObjectType({ description: 'The session has ended. The last event of the stream: lead the user to sign-in.' })
export class SessionEnding {
  @Field(() => SessionEndReasonEnum, { description: 'Why it ended.' })
  reason!: SessionEndReason;

  @Field(() => Date, { description: 'When it ended.' })
  at!: Date;
}

@ObjectType({
  description: 'The role of the user, or the permissions of that role, have changed. Refresh the access token.',
})
export class PermissionsChanged {
  @Field(() => Role, { description: 'The present role.' })
  role!: Role;

  @Field(() => [String], { description: 'The present permissions of the session.' })
  permissions!: string[];
}

@ObjectType({
  description:
    'The access token of the stream expires within a minute, and the stream ends with it. Refresh the token, then open a new stream.',
})
export class TokenExpiring {
  @Field(() => Date, { description: 'When the access token expires.' })
  expiresAt!: Date;
}

@ObjectType({ description: 'The user signed in on another device.' })
export class SignedInElsewhere {
  @Field(() => Session, { description: 'The new session.' })
  session!: Session;
}

export const SessionEvent = createUnionType({
  name: 'SessionEvent',
  description: 'An event of the session. New events may be added.',
  types: () => [SessionEnding, PermissionsChanged, TokenExpiring, SignedInElsewhere] as const,
  resolveType(event) {
    if ('reason' in event) return SessionEnding;
    if ('permissions' in event) return PermissionsChanged;
    return 'expiresAt' in event ? TokenExpiring : SignedInElsewhere;
  },
});
