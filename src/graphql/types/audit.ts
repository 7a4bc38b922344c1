/** The audit trail as administrators and users read it. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType } from './connection.ts';

export const AuditOutcomeEnum = { SUCCESS: 'SUCCESS', FAILURE: 'FAILURE', DENIED: 'DENIED' } as const;
export type AuditOutcome = keyof typeof AuditOutcomeEnum;
registerEnumType(AuditOutcomeEnum, {
  name: 'AuditOutcome',
  description: 'The outcome of an audited action.',
  valuesConfig: {
    SUCCESS: { description: 'The action was carried out.' },
    FAILURE: { description: 'The action failed, for example because of a wrong password or an invalid token.' },
    DENIED: {
      description:
        'The action was denied, for example because of a lockout, a rate limit, a missing permission or a replayed token.',
    },
  },
});

@ObjectType({ description: 'The object of an audited action.' })
export class AuditTarget {
  @Field(() => String, { description: 'The kind of object, for example `user` or `session`.' })
  type!: string;

  @Field(() => ID, { description: 'The id of the object. The object may have been deleted since.' })
  id!: string;
}

@ObjectType({
  description: 'One audited action. Entries never change; `auditIntegrity` verifies this.',
})
export class AuditEntry {
  @Field(() => ID, { description: 'A UUIDv7: ids sort by time.' })
  id!: string;

  @Field(() => String, { description: 'The action, for example `login.refused`. New actions may be added.' })
  action!: string;

  @Field(() => AuditOutcomeEnum, { description: 'The outcome.' })
  outcome!: AuditOutcome;

  @Field(() => String, {
    nullable: true,
    description: 'The IP address of the client. Null for actions without a request, and once it is purged.',
  })
  ipAddress!: string | null;

  @Field(() => String, { nullable: true, description: 'The `User-Agent` header of the client. The client chooses it.' })
  userAgent!: string | null;

  @Field(() => String, { nullable: true, description: 'The reason that the administrator gave.' })
  reason!: string | null;

  @Field(() => ID, { nullable: true, description: 'The session of the request.' })
  sessionId!: string | null;

  @Field(() => String, {
    description:
      'The `X-Request-Id` of the request. Actions without a request have a name, for example `command-line`.',
  })
  requestId!: string;

  @Field(() => GraphQLJSONObject, {
    description:
      'More details, which depend on the action (see docs/audit.md). Administrative changes have the state `before` and `after`. Contains no personal data: addresses are keyed hashes.',
  })
  details!: Record<string, unknown>;

  @Field(() => Date, { description: 'The time of the action.' })
  occurredAt!: Date;

  actorId!: string | null;
  targetType!: string | null;
  targetId!: string | null;
}

export const AuditEntryConnection = connectionType(AuditEntry, 'AuditEntry', 'audit entries');
export type AuditEntryConnection = InstanceType<typeof AuditEntryConnection>;

@InputType({ description: 'A filter for audit entries. All given conditions have to match.' })
export class AuditFilter {
  @Field(() => Date, { nullable: true, description: 'Entries at this time or later.' })
  since?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Entries before this time.' })
  until?: Date | null;

  @Field(() => String, { nullable: true, description: 'The action, for example `login.refused`.' })
  action?: string | null;

  @Field(() => [String], { nullable: true, description: 'Any of these actions, at least one.' })
  actions?: string[] | null;

  @Field(() => AuditOutcomeEnum, { nullable: true, description: 'The outcome.' })
  outcome?: AuditOutcome | null;

  @Field(() => ID, { nullable: true, description: 'The id of the acting user.' })
  actorId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The id of the target: a user, a session or another object.',
  })
  targetId?: string | null;

  @Field(() => String, { nullable: true, description: 'The IP address of the client, exact match.' })
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
  description: 'The kinds of tampering with the audit trail.',
  valuesConfig: {
    CHANGED: { description: 'An entry differs from its sealed state.' },
    MISSING: { description: 'An entry, a seal or a checkpoint is missing.' },
    INSERTED: { description: 'An entry was inserted after its time was sealed.' },
    REORDERED: { description: 'The order of entries was changed.' },
    FORGED: { description: 'A checkpoint was changed, or was signed with an unknown key.' },
    CUT_OFF: { description: 'The newest entries were removed.' },
    UNGUARDED: { description: 'The entries are intact, but a database trigger that protects them is disabled.' },
  },
});

@ObjectType({ description: 'The first problem in the audit trail.' })
export class AuditProblem {
  @Field(() => AuditProblemKindEnum, { description: 'The kind of tampering.' })
  kind!: AuditProblemKind;

  @Field(() => Int, { nullable: true, description: 'The position in the chain, counted from 1.' })
  sequence!: number | null;

  @Field(() => ID, { nullable: true, description: 'The id of the affected entry.' })
  entryId!: string | null;

  @Field(() => String, { description: 'A description for an administrator, in English.' })
  message!: string;
}

@ObjectType({
  description:
    'A signed state of the audit trail. Store it outside the database: `postern audit verify --checkpoint` uses it to detect removed entries.',
})
export class AuditCheckpoint {
  @Field(() => Int, { description: 'The number of the checkpoint, counted from 1.' })
  number!: number;

  @Field(() => Int, { description: 'The number of entries in the chain.' })
  sequence!: number;

  @Field(() => String, { description: 'The hash of the last entry, in hex.' })
  hash!: string;

  @Field(() => Date, { description: 'The time of the signature.' })
  signedAt!: Date;

  @Field(() => String, { description: 'The id of the signing key. `postern audit key` prints the public key.' })
  kid!: string;

  @Field(() => String, { description: 'The Ed25519 signature, in base64.' })
  signature!: string;
}

@ObjectType({ description: 'The result of a verification of the newest audit entries.' })
export class AuditIntegrity {
  @Field(() => Boolean, { description: 'True when every verified entry matches its seal.' })
  whole!: boolean;

  @Field(() => AuditProblem, { nullable: true, description: 'The first problem. Null when there is none.' })
  problem!: AuditProblem | null;

  @Field(() => Int, { description: 'The number of verified entries, about 20,000 at most, newest first.' })
  checked!: number;

  @Field(() => Boolean, {
    description:
      'True when all entries were verified. Otherwise run `postern audit verify`, which reads the whole trail.',
  })
  complete!: boolean;

  @Field(() => AuditCheckpoint, {
    nullable: true,
    description: 'The newest checkpoint. Null before the first one is signed.',
  })
  checkpoint!: AuditCheckpoint | null;

  @Field(() => Int, {
    description: 'The number of entries that are not sealed yet. Sealing takes seconds. 10001 means more than 10,000.',
  })
  waiting!: number;
}
