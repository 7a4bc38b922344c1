/** Single-use codes: conditional UPDATEs, so that exactly one of several concurrent callers succeeds. */
import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Marks a time step and all earlier ones as used (RFC 6238 5.2), and seals the secret again with the newest key, so that the previous
 * key can be removed.
 * @returns false when it was used before
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
 * @returns the id of the code, or null when there is no such code or it was used before
 */
export async function spendBackupCode(
  em: EntityManager,
  { userId, hashes, now }: { userId: string; hashes: readonly Buffer[]; now: Date },
): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    `update backup_codes set used_at = ? where user_id = ? and code_hash in (?) and used_at is null returning id`,
    [now, userId, [...hashes]],
  );
  return row?.id ?? null;
}

/**
 * Locks the user's sessions that have proven a factor, in the order in which all callers lock several sessions. Deleting a
 * factor updates them in any order. The caller holds the user's lock.
 */
export async function lockProvenSessions(em: EntityManager, userId: string): Promise<void> {
  await em.execute(
    `select from token_families where user_id = ?
       and coalesce(proven_passkey_id, proven_totp_user_id, proven_backup_code_id, proven_phone_id) is not null
     order by id for update`,
    [userId],
  );
}

/** Deletes the challenges of the user's sessions and second steps. */
export async function deleteChallengesOf(em: EntityManager, userId: string): Promise<void> {
  await em.execute(
    `delete from passkey_challenges where bound_to in (
       select id from token_families where user_id = :userId union all select id from mfa_tickets where user_id = :userId)`,
    { userId },
  );
}

/** No phone is a second factor of the user any more. The caller has locked the sessions that a factor proved. */
export async function endPhoneFactors(em: EntityManager, userId: string): Promise<void> {
  await em.execute('update phones set factor = false where user_id = ? and factor', [userId]);
  await unproveByPhone(em, userId);
}

/** Sessions that a code to a phone proved have proven no factor any more. */
export async function unproveByPhone(em: EntityManager, userId: string): Promise<void> {
  await em.execute(
    'update token_families set proven_phone_id = null where user_id = ? and proven_phone_id is not null',
    [userId],
  );
}
