/** Spending a mail token: a conditional UPDATE in the transaction of its effect, so that it works once. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { MailTokenPurpose } from '../entities/mail-token.ts';

export interface SpentMailToken {
  userId: string;
  purpose: MailTokenPurpose;
  sessionId: string | null;
  email: string | null;
  /** PostgreSQL's text. */
  createdAt: string;
}

/** @returns whose the token was, or null when it is used, ended, unknown or of another purpose */
export async function spendMailToken(
  em: EntityManager,
  spend: { tokenHash: Buffer; purposes: readonly MailTokenPurpose[]; now: Date },
): Promise<SpentMailToken | null> {
  const [row] = await em.execute<SpentMailToken[]>(
    `update mail_tokens set used_at = ?
     where token_hash = ? and purpose in (?) and used_at is null and expires_at > ?
     returning user_id as "userId", purpose, session_id as "sessionId", email, created_at as "createdAt"`,
    [spend.now, spend.tokenHash, [...spend.purposes], spend.now],
  );
  return row ?? null;
}
