/** Drops a partition with its rows, which costs the same for any number of rows. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { lowestId } from '../id-times.ts';
import { setLockTimeout, withLockRetries } from '../lock-retries.ts';

/** A request waits for a drop at most this long. */
const lockTimeoutMs = 200;
const pausesMs = [250, 500, 1000];
const chunkSize = 100_000;

/** Repeats a transaction while a reader of the table, such as a verification of the audit trail, prevents the drop. */
export function retryDrop<T>(work: () => Promise<T>): Promise<T> {
  return withLockRetries(pausesMs, work);
}

/** No row of the partition is added or changed until the end of the transaction. */
export async function freezePartition(tx: EntityManager, partition: string): Promise<void> {
  await tx.execute(`lock table "${partition}" in share mode`);
}

/** In chunks, because one statement could exceed its deadline. */
export async function countRows(em: EntityManager, partition: string): Promise<number> {
  let [total, after]: [number, string | null] = [0, lowestId];
  while (after !== null) {
    const [row]: { count: number; last: string | null }[] = await em.execute(
      `select count(*)::int as count, (select id from "${partition}" where id > :after order by id offset ${chunkSize - 1} limit 1) as last
       from (select from "${partition}" where id > :after order by id limit ${chunkSize}) chunk`,
      { after },
    );
    total += row?.count ?? 0;
    after = row?.last ?? null;
  }
  return total;
}

/** Requests of the table wait from here to the end of the transaction. */
export async function dropPartition(tx: EntityManager, table: string, partition: string): Promise<void> {
  await lockForDrop(tx, table);
  await tx.execute(`drop table "${partition}"`);
}

/** @param needed a condition for rows that prevent the drop @returns the number of dropped rows */
export async function dropUnlessNeeded(
  em: EntityManager,
  { table, partition, needed }: { table: string; partition: string; needed: string },
): Promise<number> {
  const rows = await countRows(em, partition);
  const isDropped = await retryDrop(() =>
    em.transactional(async (tx) => {
      await lockForDrop(tx, table);
      const found = await tx.execute(`select 1 from "${partition}" where ${needed} limit 1`);
      if (found.length > 0) return false;
      await tx.execute(`drop table "${partition}"`);
      return true;
    }),
  );
  return isDropped ? rows : 0;
}

async function lockForDrop(tx: EntityManager, table: string): Promise<void> {
  await setLockTimeout(tx, lockTimeoutMs);
  await tx.execute(`lock table only "${table}" in access exclusive mode`);
}
