/** Serialises transactions by a name, also when there is no row to lock. */
import type { EntityManager } from '@mikro-orm/postgresql';

export async function serialiseBy(em: EntityManager, key: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [key]);
}

/**
 * Does the work unless another instance is doing it. The lock belongs to a transaction, so that it works behind a pooler;
 * the work uses other connections.
 * @returns null when another instance is doing it
 */
export async function runExclusively<T>(em: EntityManager, key: string, work: () => Promise<T>): Promise<T | null> {
  return em.fork().transactional(async (tx) => {
    const [row] = await tx.execute<{ taken: boolean }[]>(
      'select pg_try_advisory_xact_lock(hashtextextended(?, 0)) as taken',
      [key],
    );
    return row?.taken ? work() : null;
  });
}
