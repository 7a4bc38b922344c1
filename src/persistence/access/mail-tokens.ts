/** Spends and stores the tokens of mails. A conditional UPDATE in the transaction of the effect makes them single-use. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { MailTokenPurpose } from './mail-token.ts';

export interface SpentMailToken {
  userId: string;
  purpose: MailTokenPurpose;
  sessionId: string | null;
  email: string | null;
  /** PostgreSQL's text. */
  createdAt: string;
}

/**
 * Locks the user of the token first. Transactions that revoke tokens hold that lock; another order could deadlock.
 * @returns the owner of the token, or null when it is used, expired, unknown or of another purpose
 */
export async function spendMailToken(
  em: EntityManager,
  spend: { tokenHash: Buffer; purposes: readonly MailTokenPurpose[]; now: Date },
): Promise<SpentMailToken | null> {
  const { tokenHash } = spend;
  await em.execute('select from users where id = (select user_id from mail_tokens where token_hash = ?) for update', [
    tokenHash,
  ]);
  const [row] = await em.execute<SpentMailToken[]>(
    `update mail_tokens set used_at = ?
     where token_hash = ? and purpose in (?) and used_at is null and expires_at > ?
       and exists (select from users where users.id = user_id)
     returning user_id as "userId", purpose, session_id as "sessionId", email, created_at as "createdAt"`,
    [spend.now, tokenHash, [...spend.purposes], spend.now],
  );
  return row ?? null;
}

/** Stores a token to reset the password. The user may be unknown: no operation accepts such a token. */
export async function insertResetToken(
  em: EntityManager,
  token: { id: string; userId: string; tokenHash: Buffer; now: Date; expiresAt: Date },
): Promise<void> {
  const { id, tokenHash, now, expiresAt, userId } = token;
  await em.execute(
    `insert into mail_tokens (id, user_id, purpose, token_hash, created_at, expires_at)
     values (?, ?, 'PASSWORD_RESET', ?, ?, ?)`,
    [id, userId, tokenHash, now, expiresAt],
  );
}
