/** Reads what a user can sign in with. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface WaysIn {
  hasPassword: boolean;
  /** Passkeys that sign in without the password now. */
  passkeys: number;
}

/** @returns null without such a user */
export async function findWaysIn(em: EntityManager, userId: string, now: Date): Promise<WaysIn | null> {
  const [row] = await em.execute<WaysIn[]>(
    `select password_hash is not null as "hasPassword",
       (select count(*)::int from passkeys where user_id = :userId and (alone_from is null or alone_from <= :now)) as passkeys
     from users where id = :userId`,
    { userId, now },
  );
  return row ?? null;
}
