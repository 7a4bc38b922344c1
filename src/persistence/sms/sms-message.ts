/** A message that a transaction stores and a worker sends later. Its content is sealed, and deleted once it is sent. */
import { defineEntity, p } from '@mikro-orm/core';

/** `withheld`: a budget or another rule kept it back; it has no content. `dead`: it failed permanently. */
const smsStates = ['pending', 'sent', 'dead', 'withheld'] as const;

const SmsMessageSchema = defineEntity({
  name: 'SmsMessage',
  tableName: 'sms_messages',
  properties: {
    id: p.uuid().primary(),
    /** Keyed hash of the number: enough to count messages without keeping it. */
    phoneHash: p.blob(),
    /** ISO 3166-1. */
    country: p.string().length(2),
    /** The country and the first four digits after the calling code: the unit of a budget and of a pause. */
    prefix: p.string().length(6),
    /** Number, code and language, sealed with the id as associated data; null once sent. */
    contentSealed: p.blob().nullable(),
    state: p.enum(smsStates),
    attempts: p.integer().default(0),
    createdAt: p.datetime().index(),
    nextAttemptAt: p.datetime(),
    sentAt: p.datetime().nullable(),
    /** When its code was entered. */
    verifiedAt: p.datetime().nullable(),
    /** The code of the service's answer, never its text (it quotes the number). */
    lastError: p.string().length(64).nullable(),
  },
  indexes: [
    { properties: ['phoneHash', 'createdAt'] },
    { properties: ['prefix', 'createdAt'] },
    {
      name: 'sms_messages_due',
      expression: "create index sms_messages_due on sms_messages (next_attempt_at) where state = 'pending'",
    },
    {
      name: 'sms_messages_dead',
      expression: "create index sms_messages_dead on sms_messages (created_at) where state = 'dead'",
    },
  ],
});

export class SmsMessage extends SmsMessageSchema.class {}
SmsMessageSchema.setClass(SmsMessage);
