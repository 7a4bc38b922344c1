/** Tokens of mails as rows of statements that insert them with other rows. */
import { jsonTable } from '../json-rows.ts';
import type { MailTokenRow } from './mail-token.ts';

export const mailTokenRows = jsonTable<MailTokenRow>('mail_tokens', {
  id: 'id',
  userId: 'user_id',
  purpose: 'purpose',
  tokenHash: 'token_hash',
  sessionId: 'session_id',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
});
