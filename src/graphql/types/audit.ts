/** The audit trail as administrators and users read it. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from './connection.ts';

export const AuditOutcomeEnum = { SUCCESS: 'SUCCESS', FAILURE: 'FAILURE', DENIED: 'DENIED' } as const;
export type AuditOutcome = keyof typeof AuditOutcomeEnum;
registerEnumType(AuditOutcomeEnum, {
  name: 'AuditOutcome',
  description: 'What came of what was tried.',
  valuesConfig: {
    SUCCESS: { description: 'It was done.' },
    FAILURE: { description: 'It could not be done: a wrong password, a token that is no good.' },
    DENIED: { description: 'It was not allowed: a lock, a limit, a missing right, a stolen token.' },
  },
});

@ObjectType({ description: 'What an entry of the audit trail is about. Its `user` is there when it is one.' })
export class AuditTarget {
  @Field(() => String, { description: 'Such as `user` or `session`.' })
  type!: string;

  @Field(() => ID, { description: 'Its id. What it names may be gone by now.' })
  id!: string;
}

@ObjectType({
  description: 'One thing that happened. Entries are never changed; their seals prove it (`auditIntegrity`).',
})
export class AuditEntry {
  @Field(() => ID, { description: 'UUIDv7: ids are in the order of time.' })
  id!: string;

  @Field(() => String, { description: 'What happened, such as `session.started` or `login.refused`. Expect new ones.' })
  action!: string;

  @Field(() => AuditOutcomeEnum, { description: 'What came of it.' })
  outcome!: AuditOutcome;

  @Field(() => String, {
    nullable: true,
    description: 'The address it came from. Null when it was no request, or was purged.',
  })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The browser or app it came from, as that called itself.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'Why, in the words of the administrator who did it.' })
  reason!: string | null;

  @Field(() => ID, { nullable: true, description: 'The session it was done through.' })
  sessionId!: string | null;

  @Field(() => String, {
    description: 'The `X-Request-Id` of the request; what was no request has a name such as `command-line`.',
  })
  requestId!: string;

  @Field(() => GraphQLJSONObject, {
    description:
      'What else there is to know; the action decides what (docs/audit.md lists it), and of administrative changes it holds what was `before` and is `after`. Holds no personal data: an address appears as a keyed hash.',
  })
  details!: Record<string, unknown>;

  @Field(() => Date, { description: 'When it happened.' })
  occurredAt!: Date;

  actorId!: string | null;
  targetType!: string | null;
  targetId!: string | null;
}

export const AuditEntryConnection = connectionType(AuditEntry, 'AuditEntry');
export type AuditEntryConnection = InstanceType<typeof AuditEntryConnection>;

@InputType({ description: 'Which entries to list: those to which all that is given applies.' })
export class AuditFilter {
  @Field(() => Date, { nullable: true, description: 'From this time on.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Before this time.' })
  until?: Date | null;

  @Field(() => String, { nullable: true, description: 'What happened, such as `login.refused`.' })
  action?: string | null;

  @Field(() => AuditOutcomeEnum, { nullable: true, description: 'What came of it.' })
  outcome?: AuditOutcome | null;

  @Field(() => ID, { nullable: true, description: 'The user who did it.' })
  actorId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'What it was done to: the id of a user, a session or another thing.',
  })
  targetId?: string | null;

  @Field(() => String, { nullable: true, description: 'The address it came from, exactly.' })
  ipAddress?: string | null;
}

export const AuditProblemKindEnum = {
  CHANGED: 'CHANGED',
  MISSING: 'MISSING',
  INSERTED: 'INSERTED',
  REORDERED: 'REORDERED',
  FORGED: 'FORGED',
  CUT_OFF: 'CUT_OFF',
  UNGUARDED: 'UNGUARDED',
} as const;
export type AuditProblemKind = keyof typeof AuditProblemKindEnum;
registerEnumType(AuditProblemKindEnum, {
  name: 'AuditProblemKind',
  description: 'How the audit trail was tampered with.',
  valuesConfig: {
    CHANGED: { description: 'An entry is not what was sealed.' },
    MISSING: { description: 'An entry, a seal or a checkpoint is gone.' },
    INSERTED: { description: 'An entry was put in later.' },
    REORDERED: { description: 'Entries have changed places.' },
    FORGED: { description: 'A checkpoint is not what was signed, or is signed by somebody else.' },
    CUT_OFF: { description: 'The end is gone.' },
    UNGUARDED: { description: 'The entries are whole, but a trigger that keeps them so is switched off.' },
  },
});

@ObjectType({ description: 'Where the audit trail is broken first.' })
export class AuditProblem {
  @Field(() => AuditProblemKindEnum, { description: 'How.' })
  kind!: AuditProblemKind;

  @Field(() => Int, { nullable: true, description: 'The place in the chain, counted from 1.' })
  sequence!: number | null;

  @Field(() => ID, { nullable: true, description: 'The entry.' })
  entryId!: string | null;

  @Field(() => String, { description: 'One sentence for a person.' })
  message!: string;
}

@ObjectType({
  description:
    'What the sealer has signed: up to here the trail was this. Kept elsewhere, it proves later that nothing was cut off (`postern audit verify --checkpoint`).',
})
export class AuditCheckpoint {
  @Field(() => Int, { description: 'Checkpoints are counted from 1.' })
  number!: number;

  @Field(() => Int, { description: 'How many entries the chain had.' })
  sequence!: number;

  @Field(() => String, { description: 'The hash of the last of them, in hex.' })
  hash!: string;

  @Field(() => Date, { description: 'When it was signed.' })
  signedAt!: Date;

  @Field(() => String, { description: 'The key that signed it: `postern audit key` prints its public part.' })
  kid!: string;

  @Field(() => String, { description: 'Ed25519, in base64.' })
  signature!: string;
}

@ObjectType({ description: 'Whether the audit trail is what was sealed.' })
export class AuditIntegrity {
  @Field(() => Boolean, { description: 'Whether everything that was looked at is as it was sealed.' })
  whole!: boolean;

  @Field(() => AuditProblem, { nullable: true, description: 'Where it is broken first.' })
  problem!: AuditProblem | null;

  @Field(() => Int, { description: 'How many entries were looked at and found good: the newest 20,000 or so.' })
  checked!: number;

  @Field(() => Boolean, {
    description: 'Whether that was all of them. If not: `postern audit verify` walks the whole trail.',
  })
  complete!: boolean;

  @Field(() => AuditCheckpoint, {
    nullable: true,
    description: 'The newest: up to here it is sealed, and since then. Null before the first.',
  })
  checkpoint!: AuditCheckpoint | null;

  @Field(() => Int, {
    description: 'Entries that are not sealed yet; they will be within seconds. 10001 means more than 10,000.',
  })
  waiting!: number;
}
