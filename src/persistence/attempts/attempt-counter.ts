/** A counter of attempts. Each attempt is reserved before it starts, so parallel attempts count as well. */
import { defineEntity, p } from '@mikro-orm/core';

const AttemptCounterSchema = defineEntity({
  name: 'AttemptCounter',
  tableName: 'attempt_counters',
  properties: {
    /** The kind of the limit (domain/attempts/). */
    bucket: p.string().length(16).primary(),
    /** A keyed hash of the account, the device or the source. */
    key: p.blob().primary(),
    /** Failed and pending attempts in the window. */
    attempts: p.integer(),
    failures: p.integer().default(0),
    /** The time of the last reservation. One that stays pending for long was abandoned. */
    reservedAt: p.datetime(),
    windowEndsAt: p.datetime(),
    /** Failures in the long window. A success does not reset them. */
    total: p.integer(),
    totalEndsAt: p.datetime().index(),
    lockedUntil: p.datetime().nullable(),
    /** The number of locks since the last success: each is twice as long as the previous one. */
    locks: p.integer().default(0),
  },
  indexes: [
    {
      name: 'attempt_counters_locked',
      expression:
        'create index attempt_counters_locked on attempt_counters (bucket, locked_until) where locked_until is not null',
    },
  ],
});

export class AttemptCounter extends AttemptCounterSchema.class {}
AttemptCounterSchema.setClass(AttemptCounter);
