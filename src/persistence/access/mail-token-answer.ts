/** The success of a mail token, kept for a minute: a link that is followed twice gives one answer, and has one effect. */
import { defineEntity, p } from '@mikro-orm/core';

const MailTokenAnswerSchema = defineEntity({
  name: 'MailTokenAnswer',
  tableName: 'mail_token_answers',
  properties: {
    /** SHA-256 of the token. */
    tokenHash: p.blob().primary(),
    /** The operation that the token was spent with. */
    purpose: p.string().length(32),
    /** Without a foreign key: the row is gone in a minute. */
    userId: p.uuid(),
    /** The number in the answer, where there is one. */
    count: p.integer().nullable(),
    expiresAt: p.datetime().index(),
  },
});

export class MailTokenAnswer extends MailTokenAnswerSchema.class {}
MailTokenAnswerSchema.setClass(MailTokenAnswer);
