/** Single-use challenges and unique credentials: exactly one of several concurrent callers succeeds. */
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

/** @returns false when the credential is already registered */
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
 * Records the use of a passkey.
 * @param use its new counter: higher than the stored one, or 0 when the stored one is 0 (WebAuthn 7.2, step 22)
 * @returns false for any other counter
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

/** @returns false when the challenge is unknown, used, or was issued for another purpose */
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
 * Permits the passkey of a confirmation to sign in alone. Repeating it changes nothing.
 * @param confirmation `since`: the confirmation of an older passkey has expired
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

/** Passkeys of the user that cannot sign in alone yet wait until `until`. */
export async function postponePasskeys(em: EntityManager, postponement: { userId: string; now: Date; until: Date }) {
  await em.execute(
    'update passkeys set alone_from = :until where user_id = :userId and alone_from > :now',
    postponement,
  );
}
