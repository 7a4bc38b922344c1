/** What works once, and what only one user can have: conditional statements, of which of many callers one gets through. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChallengePurpose } from '../entities/passkey-challenge.ts';

export interface NewPasskey {
  id: string;
  userId: string;
  credentialId: Buffer;
  publicKey: Buffer;
  counter: number;
  /** Without commas. */
  transports: readonly string[];
  backedUp: boolean;
  name: string;
  createdAt: Date;
}

/** @returns false when somebody has it already */
export async function insertPasskey(em: EntityManager, passkey: NewPasskey): Promise<boolean> {
  const rows = await em.execute<{ made: number }[]>(
    `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name, created_at)
     values (:id, :userId, :credentialId, :publicKey, :counter, string_to_array(:transports, ','), :backedUp, :name, :createdAt)
     on conflict (credential_id) do nothing returning 1 as made`,
    { ...passkey, transports: passkey.transports.join(',') },
  );
  return rows.length === 1;
}

/**
 * Notes that a passkey has signed.
 * @param use the counter it signed with: higher than the one before, or 0 like all before (WebAuthn 7.2, step 22)
 * @returns false when the counter is none of these
 */
export async function usePasskey(
  em: EntityManager,
  use: { id: string; counter: number; backedUp: boolean; now: Date },
): Promise<boolean> {
  const rows = await em.execute<{ used: number }[]>(
    `update passkeys set counter = :counter, backed_up = :backedUp, last_used_at = :now
     where id = :id and (counter < :counter or greatest(counter, :counter) = 0) returning 1 as used`,
    use,
  );
  return rows.length === 1;
}

/** @returns false when there is no such challenge (any more), or it was made for something else */
export async function spendChallenge(
  em: EntityManager,
  spend: { challengeHash: Buffer; purpose: ChallengePurpose; boundTo: string | null; now: Date },
): Promise<boolean> {
  const rows = await em.execute<{ spent: number }[]>(
    `delete from passkey_challenges
     where challenge_hash = :challengeHash and purpose = :purpose and bound_to is not distinct from :boundTo
       and expires_at > :now returning 1 as spent`,
    spend,
  );
  return rows.length === 1;
}
