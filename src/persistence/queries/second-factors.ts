/** Spending what works once: conditional UPDATEs, so that of many callers with one code, one gets through. */
import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Spends a time step and all before it (RFC 6238 5.2), and seals the secret anew: with the newest key, so that the one
 * before can go.
 * @returns false when it was spent before
 */
export async function spendTimeStep(
  em: EntityManager,
  { userId, step, secretSealed }: { userId: string; step: number; secretSealed: Buffer },
): Promise<boolean> {
  const rows = await em.execute<{ spent: number }[]>(
    `update totp_secrets set last_step = ?, secret_sealed = ?
     where user_id = ? and last_step < ? returning 1 as spent`,
    [step, secretSealed, userId, step],
  );
  return rows.length === 1;
}

/**
 * @param hashes of the code, by every key that may have made them
 * @returns false when there is no such code, or it was used before
 */
export async function spendBackupCode(
  em: EntityManager,
  { userId, hashes, now }: { userId: string; hashes: readonly Buffer[]; now: Date },
): Promise<boolean> {
  const rows = await em.execute<{ spent: number }[]>(
    `update backup_codes set used_at = ? where user_id = ? and code_hash in (?) and used_at is null returning 1 as spent`,
    [now, userId, [...hashes]],
  );
  return rows.length === 1;
}
