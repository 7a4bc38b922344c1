/** Reads what a user can sign in with. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface WaysIn {
  hasPassword: boolean;
  /** Passkeys that sign in without the password now. */
  passkeys: number;
  /** Of the given providers. */
  identities: number;
}

/** @returns null without such a user */
export async function findWaysIn(
  em: EntityManager,
  asked: { userId: string; providerIds: readonly string[]; now: Date },
): Promise<WaysIn | null> {
  const [row] = await em.execute<WaysIn[]>(
    `select password_hash is not null as "hasPassword",
       (select count(*)::int from passkeys where user_id = :userId and (alone_from is null or alone_from <= :now)) as passkeys,
       (select count(*)::int from identities where user_id = :userId
         and provider_id = any(cast(string_to_array(:providerIds, ',') as uuid[]))) as identities
     from users where id = :userId`,
    { ...asked, providerIds: asked.providerIds.join(',') },
  );
  return row ?? null;
}
