/** A counter of attempts. Each attempt is reserved before it starts, so parallel attempts count as well. */
import { defineEntity, p } from '@mikro-orm/core';

const AttemptCounterSchema = defineEntity({
  name: 'AttemptCounter',
  tableName: 'attempt_counters',
  properties: {
    /** Which kind of limit (domain/attempts.ts). */
    bucket: p.string().length(16).primary(),
    /** A keyed hash of what is counted: an account, a device, a source. */
    key: p.blob().primary(),
    /** Reserved in the window: failed attempts and pending ones. */
    attempts: p.integer(),
    failures: p.integer().default(0),
    /** The time of the last reservation. One that stays pending for long was abandoned. */
    reservedAt: p.datetime(),
    windowEndsAt: p.datetime(),
    /** Failures over the long window, which no success in between takes back. */
    total: p.integer(),
    totalEndsAt: p.datetime().index(),
    lockedUntil: p.datetime().nullable(),
    /** How many locks there were since the last success: each is twice as long as the one before. */
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
