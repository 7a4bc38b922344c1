/** Answers of recently used mail tokens, so that a repeated request gets the same answer without a second effect. */
import type { EntityManager } from '@mikro-orm/postgresql';

export type RepeatablePurpose = 'verifyEmail' | 'confirmEmailChange' | 'disownSession';

export interface MailTokenAnswer {
  userId: string;
  /** The number in the answer, where there is one. */
  count: number | null;
}

const repeatableSeconds = 60;

export async function storeAnswer(
  em: EntityManager,
  spent: { tokenHash: Buffer; purpose: RepeatablePurpose; userId: string; count?: number; now: Date },
): Promise<void> {
  const expiresAt = new Date(spent.now.getTime() + repeatableSeconds * 1000);
  await em.execute(
    'insert into mail_token_answers (token_hash, purpose, user_id, count, expires_at) values (?, ?, ?, ?, ?)',
    [spent.tokenHash, spent.purpose, spent.userId, spent.count ?? null, expiresAt],
  );
}

/** @returns null when the token was not used with this operation within the last minute */
export async function findAnswer(
  em: EntityManager,
  spent: { tokenHash: Buffer | null; purpose: RepeatablePurpose; now: Date },
): Promise<MailTokenAnswer | null> {
  if (!spent.tokenHash) return null;
  const [row] = await em.execute<MailTokenAnswer[]>(
    `select user_id as "userId", count from mail_token_answers
     where token_hash = ? and purpose = ? and expires_at > ?`,
    [spent.tokenHash, spent.purpose, spent.now],
  );
  return row ?? null;
}
