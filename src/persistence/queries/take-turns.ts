/** Makes transactions that name the same thing wait for each other, also when there is no row yet that they could lock. */
import type { EntityManager } from '@mikro-orm/postgresql';

export async function takeTurns(em: EntityManager, key: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key]);
}
