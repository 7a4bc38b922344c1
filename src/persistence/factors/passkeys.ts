/** What works once, and what only one user can have: conditional statements, of which of many callers one gets through. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ChallengePurpose } from './passkey-challenge.ts';

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
  aloneFrom: Date | null;
  confirmationHash: Buffer | null;
}

/** @returns false when the credential is registered already */
export async function insertPasskey(em: EntityManager, passkey: NewPasskey): Promise<boolean> {
  const rows = await em.execute<{ made: number }[]>(
    `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name, created_at,
       alone_from, confirmation_hash)
     values (:id, :userId, :credentialId, :publicKey, :counter, string_to_array(:transports, ','), :backedUp, :name, :createdAt,
       :aloneFrom, :confirmationHash)
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

/**
 * Lets the passkey of a confirmation sign in alone from now on. Doing it again changes nothing.
 * @param confirmation `since`: passkeys that are older are past confirming
 * @returns null when there is no such passkey
 */
export async function confirmPasskey(
  em: EntityManager,
  confirmation: { hash: Buffer; since: Date; now: Date },
): Promise<{ id: string; userId: string; isFirst: boolean } | null> {
  const [row] = await em.execute<{ id: string; userId: string; isFirst: boolean }[]>(
    `with found as (select id, alone_from from passkeys where confirmation_hash = :hash and created_at > :since for update)
     update passkeys p set alone_from = least(p.alone_from, :now) from found where p.id = found.id
     returning p.id, p.user_id as "userId", found.alone_from > :now as "isFirst"`,
    confirmation,
  );
  return row ?? null;
}

/** Passkeys of the user that cannot sign in alone yet wait until then. */
export async function postponePasskeys(em: EntityManager, postponement: { userId: string; now: Date; until: Date }) {
  await em.execute(
    'update passkeys set alone_from = :until where user_id = :userId and alone_from > :now',
    postponement,
  );
}
