/** A mail that a transaction stores and a worker sends later. Its content is sealed, and deleted after delivery. */
import { defineEntity, p } from '@mikro-orm/core';

const outboxStates = ['pending', 'sent', 'dead'] as const;

const OutboxMailSchema = defineEntity({
  name: 'OutboxMail',
  tableName: 'outbox_mails',
  properties: {
    /** Also the mail's Message-ID, so that a second delivery of the same row is recognised as the same mail. */
    id: p.uuid().primary(),
    kind: p.string().length(32),
    /** Keyed hash of the address: enough to count mails to one address without keeping it. */
    recipientHash: p.blob(),
    /** Keyed hash of the network that requested it; null: no anonymous request caused the mail. */
    sourceHash: p.blob().nullable(),
    /** Address, kind and variables, sealed with the id as associated data; null once delivered. */
    contentSealed: p.blob().nullable(),
    state: p.enum(outboxStates),
    attempts: p.integer().default(0),
    createdAt: p.datetime(),
    nextAttemptAt: p.datetime(),
    sentAt: p.datetime().nullable(),
    /** The transport's answer code, never its text (it may quote the mail). */
    lastError: p.string().length(64).nullable(),
  },
  indexes: [
    { properties: ['recipientHash', 'kind', 'createdAt'] },
    {
      name: 'outbox_mails_due',
      expression: "create index outbox_mails_due on outbox_mails (next_attempt_at) where state = 'pending'",
    },
    {
      name: 'outbox_mails_done',
      expression: "create index outbox_mails_done on outbox_mails (created_at) where state <> 'pending'",
    },
    {
      name: 'outbox_mails_dead',
      expression: "create index outbox_mails_dead on outbox_mails (created_at) where state = 'dead'",
    },
  ],
});

/** A mail that a statement inserts with other rows. */
export interface OutboxRow {
  id: string;
  kind: string;
  recipientHash: Buffer;
  sourceHash: Buffer | null;
  contentSealed: Buffer | null;
  state: 'pending' | 'sent';
  attempts: number;
  createdAt: Date;
  nextAttemptAt: Date;
}

/** It is withheld when the address got `max` mails of its kind since then. */
export interface LimitedMail {
  row: OutboxRow;
  since: Date;
  max: number;
}

export class OutboxMail extends OutboxMailSchema.class {}
OutboxMailSchema.setClass(OutboxMail);
