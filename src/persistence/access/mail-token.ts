/** A single-use token that a mail (or an operator) hands to the owner of an account. Only its SHA-256 is stored. */
import { defineEntity, p } from '@mikro-orm/core';
import { User } from '../accounts/user.ts';

export const mailTokenPurposes = [
  'INVITATION',
  'PASSWORD_RESET',
  'NOT_ME',
  'EMAIL_CHANGE',
  'EMAIL_CHANGE_NOT_ME',
] as const;
export type MailTokenPurpose = (typeof mailTokenPurposes)[number];

const MailTokenSchema = defineEntity({
  name: 'MailToken',
  tableName: 'mail_tokens',
  properties: {
    id: p.uuid().primary(),
    /**
     * Without a foreign key: its check would lock the user's row, and the time of an answer would tell whether an address has
     * an account. A token for an unknown address names no user, and no operation accepts it.
     */
    user: () => p.manyToOne(User).createForeignKeyConstraint(false).index(),
    purpose: p.enum(mailTokenPurposes),
    tokenHash: p.blob().unique(),
    /** The session that a NOT_ME token ends. */
    sessionId: p.uuid().nullable(),
    /** The address that an EMAIL_CHANGE token confirms, or that an EMAIL_CHANGE_NOT_ME token restores. */
    email: p.string().length(254).nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime().index(),
    usedAt: p.datetime().nullable(),
  },
  indexes: [
    {
      name: 'mail_tokens_email',
      expression: 'create index mail_tokens_email on mail_tokens (email) where email is not null',
    },
  ],
});

/** A token that a statement inserts with other rows. */
export interface MailTokenRow {
  id: string;
  userId: string;
  purpose: MailTokenPurpose;
  tokenHash: Buffer;
  sessionId: string | null;
  createdAt: Date;
  expiresAt: Date;
}

export class MailToken extends MailTokenSchema.class {}
MailTokenSchema.setClass(MailToken);
