/** Single use of tokens. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** Exactly one of several concurrent callers succeeds. @returns false when the token was spent before */
export async function spendToken(em: EntityManager, tokenHash: Buffer, expiresAt: Date): Promise<boolean> {
  const rows = await em.execute<{ spent: number }[]>(
    'insert into spent_tokens (token_hash, expires_at) values (:tokenHash, :expiresAt) on conflict do nothing returning 1 as spent',
    { tokenHash, expiresAt },
  );
  return rows.length === 1;
}
