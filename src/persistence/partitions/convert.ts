/**
 * Partitions a table that was created without partitions. Its rows stay where they are: the table becomes the first
 * partition. Requests wait only while names change, and a version that knows no partitions works on the result.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { firstIdOf } from '../id-times.ts';
import { setLockTimeout, withLockRetries } from '../lock-retries.ts';
import { attachPartition, createPartitionTable, guardAgainstTruncate, guardFunction, newPartition } from './create.ts';
import { periodsFrom, startOf } from './periods.ts';
import { copyPrivileges, type Definitions, readDefinitions, renameIndexes } from './table-definitions.ts';
import { type PartitionedTable, periodsAhead } from './tables.ts';

/** A request waits for the lock of the conversion at most this long, and for the conversion itself. */
const lockTimeoutMs = 300;
/** A lock that requests do not wait for. After a second of waiting, PostgreSQL ends an autovacuum that holds it. */
const patientTimeoutMs = 60_000;
const pausesMs = [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000];
/**
 * The first partition takes the ids of three further periods. Until its end, the other partitions are empty: instances of
 * the previous version, which delete mails by the place of a row in its partition, delete no others.
 */
const periodsInFirst = 3;

/** @returns false when the table is partitioned already */
export async function partitionTable(em: EntityManager, table: PartitionedTable, now: Date): Promise<boolean> {
  if (await isPartitioned(em, table)) return false;
  try {
    while (!(await attempt(em, table, now)));
  } catch (error) {
    // Without it, the table would refuse rows after the end of the range. The first error is the one to report.
    await dropRange(em, table.name).catch(() => undefined);
    throw error;
  }
  return true;
}

export async function isPartitioned(em: EntityManager, { name }: PartitionedTable): Promise<boolean> {
  const found = await em.execute("select from pg_class where oid = to_regclass(?) and relkind = 'p'", [name]);
  return found.length > 0;
}

/** @returns false when a row came into the table after it was found empty */
async function attempt(em: EntityManager, table: PartitionedTable, now: Date): Promise<boolean> {
  const isEmpty = !(await hasRows(em, table.name, 'true'));
  const end = firstIdOf(startOf(table.period, now, isEmpty ? 0 : periodsInFirst));
  // Ids after the end need a clock that is months ahead. They move to other partitions, under the lock.
  if (!isEmpty && !(await hasRows(em, table.name, `id >= '${end}'`))) await addRange(em, table.name, end);
  return withLockRetries(pausesMs, () =>
    em.transactional(async (tx) => {
      await setLockTimeout(tx, patientTimeoutMs);
      await tx.execute(`lock table "${table.name}" in share update exclusive mode`);
      await setLockTimeout(tx, lockTimeoutMs);
      await tx.execute(`lock table "${table.name}" in access exclusive mode`);
      if (isEmpty && (await hasRows(tx, table.name, 'true'))) return false;
      await exchange(tx, table, { end, now });
      return true;
    }),
  );
}

/** So that attaching reads no row. Reads and writes continue during the validation. */
async function addRange(em: EntityManager, table: string, end: string): Promise<void> {
  const range = rangeOf(table);
  await withLockRetries(pausesMs, () =>
    em.transactional(async (tx) => {
      await setLockTimeout(tx, lockTimeoutMs);
      await tx.execute(
        `alter table "${table}" drop constraint if exists ${range}, add constraint ${range} check (id < '${end}') not valid`,
      );
    }),
  );
  await em.execute(`alter table "${table}" validate constraint ${range}`);
}

async function dropRange(em: EntityManager, table: string): Promise<void> {
  await withLockRetries(pausesMs, () =>
    em.transactional(async (tx) => {
      await setLockTimeout(tx, lockTimeoutMs);
      await tx.execute(`alter table "${table}" drop constraint if exists ${rangeOf(table)}`);
    }),
  );
}

const rangeOf = (table: string) => `"${table}_range"`;

/** The transaction has locked the table. */
async function exchange(tx: EntityManager, table: PartitionedTable, { end, now }: { end: string; now: Date }) {
  const { name } = table;
  const first = `${name}_first`;
  const definitions = await readDefinitions(tx, name);
  for (const trigger of definitions.triggers) await tx.execute(`drop trigger "${trigger.name}" on "${name}"`);
  await tx.execute(`alter table "${name}" rename to "${first}"`);
  await renameIndexes(tx, definitions.indexes, '_first');
  await createParent(tx, { name, first, definitions });
  await createPartitions(tx, table, { end, now });
  await tx.execute(`insert into "${name}" select * from "${first}" where id >= '${end}'`);
  await tx.execute(`delete from "${first}" where id >= '${end}'`);
  await guardAgainstTruncate(tx, name, first);
  await attachPartition(tx, name, { name: first, from: null, to: end });
  await tx.execute(`alter table "${first}" drop constraint if exists ${rangeOf(name)}`);
}

async function createPartitions(tx: EntityManager, table: PartitionedTable, { end, now }: { end: string; now: Date }) {
  const rest = `${table.name}_default`;
  await createPartitionTable(tx, table.name, rest);
  await tx.execute(`alter table "${table.name}" attach partition "${rest}" default`);
  for (const span of periodsFrom(table.period, now, periodsAhead)) {
    const partition = newPartition(table, span);
    if (partition.from < end) continue;
    await createPartitionTable(tx, table.name, partition.name);
    await attachPartition(tx, table.name, partition);
  }
}

async function createParent(
  tx: EntityManager,
  { name, first, definitions }: { name: string; first: string; definitions: Definitions },
): Promise<void> {
  await tx.execute(
    `create table "${name}" (like "${first}" including defaults including constraints) partition by range (id)`,
  );
  await tx.execute(`alter table "${name}" drop constraint if exists ${rangeOf(name)}`);
  await tx.execute(`alter table "${name}" add constraint "${name}_pkey" primary key (id)`);
  await tx.execute(guardFunction);
  for (const { definition } of [...definitions.indexes, ...definitions.triggers]) {
    if (definition !== null) await tx.execute(definition);
  }
  await copyPrivileges(tx, first, name);
}

async function hasRows(em: EntityManager, table: string, condition: string): Promise<boolean> {
  return (await em.execute(`select 1 from "${table}" where ${condition} limit 1`)).length > 0;
}
