/** Who else uses this database server: decides whether the embedded one may be stopped. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** @returns how many connections there are that are not `applicationName`'s */
export async function countOtherConnections(em: EntityManager, applicationName: string): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select count(*)::int as count from pg_stat_activity
     where usename = current_user and application_name <> ?`,
    [applicationName],
  );
  return row?.count ?? 0;
}
