/** Reads what a user can sign in with. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { usableProvider } from '../identities/providers.ts';

export interface WaysIn {
  hasPassword: boolean;
  emailVerified: boolean;
  /** Passkeys that sign in without the password now. */
  passkeys: number;
  /** Of providers that users can sign in with. */
  identities: number;
}

/** @returns null without such a user */
export async function findWaysIn(
  em: EntityManager,
  { configured, ...asked }: { userId: string; configured: readonly { id: string; issuer: string }[]; now: Date },
): Promise<WaysIn | null> {
  const [row] = await em.execute<WaysIn[]>(
    `select password_hash is not null as "hasPassword", email_verified_at is not null as "emailVerified",
       (select count(*)::int from passkeys where user_id = :userId and (alone_from is null or alone_from <= :now)) as passkeys,
       (select count(*)::int from identities i where user_id = :userId and (:ids::jsonb @> to_jsonb(provider_id)
         or exists (select from federated_providers p where p.id = i.provider_id and ${usableProvider}))) as identities
     from users where id = :userId`,
    { ...asked, ids: listOf(configured, 'id'), issuers: listOf(configured, 'issuer') },
  );
  return row ?? null;
}

function listOf<Key extends string>(rows: readonly Readonly<Record<Key, string>>[], key: Key): string {
  return JSON.stringify(rows.map((row) => row[key]));
}
