/** Finds the active super administrators under lock, so that two parallel removals cannot remove the last two. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** Locks every active SUPER_ADMIN, in one order. @returns their ids */
export async function lockSuperAdmins(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `select id from users where role_name = 'SUPER_ADMIN' and status = 'ACTIVE' order by id for update`,
  );
  return rows.map(({ id }) => id);
}
