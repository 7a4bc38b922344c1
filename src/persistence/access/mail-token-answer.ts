/** The success of a mail token, stored for a minute: a repeated request gets the same answer without a second effect. */
import { defineEntity, p } from '@mikro-orm/core';

const MailTokenAnswerSchema = defineEntity({
  name: 'MailTokenAnswer',
  tableName: 'mail_token_answers',
  properties: {
    /** SHA-256 of the token. */
    tokenHash: p.blob().primary(),
    /** The operation that used the token. */
    purpose: p.string().length(32),
    /** Without a foreign key, because the row lives for a minute. */
    userId: p.uuid(),
    /** The number in the answer, where there is one. */
    count: p.integer().nullable(),
    expiresAt: p.datetime().index(),
  },
});

export class MailTokenAnswer extends MailTokenAnswerSchema.class {}
MailTokenAnswerSchema.setClass(MailTokenAnswer);
