/**
 * Creates partitions. A table is created beside the partitioned one and attached: writes wait only for that, and reads only
 * for the default partition. `create table ... partition of` would lock the partitioned table throughout.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { firstIdOf } from '../id-times.ts';
import { setLockTimeout, withLockRetries } from '../lock-retries.ts';
import { serialiseBy } from '../named-locks.ts';
import { findPartitions, type Partition } from './partition-list.ts';
import { partitionName, periodsFrom, type Span } from './periods.ts';
import { type PartitionedTable, partitionedTables } from './tables.ts';

const lockTimeoutMs = 200;
const pausesMs = [250, 500, 1000];
/** More rows of a period stay in the default partition: the table is locked while they are moved. */
const maxMoved = 10_000;

export interface NewPartition {
  name: string;
  /** As in `partition-list.ts`. */
  from: string | null;
  to: string;
}

type OfPeriod = NewPartition & { from: string };

/** @returns the names of the partitions that were created, of all partitioned tables */
export async function createMissingPartitions(em: EntityManager, now: Date, ahead: number): Promise<string[]> {
  const created: string[] = [];
  for (const table of partitionedTables) {
    for (const span of periodsFrom(table.period, now, ahead)) {
      const partition = newPartition(table, span);
      const work = () => em.transactional((tx) => createUnlessCovered(tx, table, partition));
      if (await withLockRetries(pausesMs, work)) created.push(partition.name);
    }
  }
  return created;
}

export function newPartition(table: PartitionedTable, span: Span): OfPeriod {
  return { name: partitionName(table, span), from: firstIdOf(span.from), to: firstIdOf(span.to) };
}

async function createUnlessCovered(
  tx: EntityManager,
  { name: table }: PartitionedTable,
  partition: OfPeriod,
): Promise<boolean> {
  await serialiseBy(tx, `partitions of ${table}`);
  const existing = await findPartitions(tx, table);
  if (existing.length === 0 || existing.some((other) => overlaps(other, partition))) return false;
  const rest = existing.find(({ isDefault }) => isDefault) ?? null;
  if (rest && (await holdsTooMany(tx, rest.name, partition))) return false;
  await setLockTimeout(tx, lockTimeoutMs);
  await createPartitionTable(tx, table, partition.name);
  // A row on its way to the default partition would be refused once that partition no longer takes its id.
  await tx.execute(`lock table only "${table}" in share row exclusive mode`);
  if (rest) await moveRows(tx, rest.name, partition);
  await attachPartition(tx, table, partition);
  return true;
}

function overlaps({ from, to, isDefault }: Partition, other: OfPeriod): boolean {
  return !isDefault && (from === null || from < other.to) && (to === null || other.from < to);
}

const idsOf = ({ from, to }: OfPeriod) => `id >= '${from}' and id < '${to}'`;

async function holdsTooMany(tx: EntityManager, source: string, partition: OfPeriod): Promise<boolean> {
  const text = `select 1 from "${source}" where ${idsOf(partition)} offset ${maxMoved} limit 1`;
  return (await tx.execute(text)).length > 0;
}

/** The rows stay in the same partitioned table, so its triggers against deletion do not apply. */
async function moveRows(tx: EntityManager, source: string, partition: OfPeriod): Promise<void> {
  await tx.execute(`lock table "${source}" in access exclusive mode`);
  const found = await tx.execute(`select 1 from "${source}" where ${idsOf(partition)} limit 1`);
  if (found.length === 0) return;
  await tx.execute(`alter table "${source}" disable trigger user`);
  await tx.execute(
    `with moved as (delete from "${source}" where ${idsOf(partition)} returning *)
     insert into "${partition.name}" select * from moved`,
  );
  await tx.execute(`alter table "${source}" enable trigger user`);
}

export async function createPartitionTable(tx: EntityManager, table: string, name: string): Promise<void> {
  await tx.execute(
    `create table "${name}" (like "${table}" including defaults including constraints including indexes)`,
  );
  await guardAgainstTruncate(tx, table, name);
}

/** PostgreSQL then joins the indexes with those of the partitioned table, and creates its triggers for each row. */
export async function attachPartition(
  tx: EntityManager,
  table: string,
  { name, from, to }: NewPartition,
): Promise<void> {
  const lowest = from === null ? 'minvalue' : `'${from}'`;
  await tx.execute(`alter table "${table}" attach partition "${name}" for values from (${lowest}) to ('${to}')`);
}

/**
 * Refuses `truncate` of a partition while the trigger of the whole table is enabled. PostgreSQL gives partitions the
 * triggers for each row only.
 */
export async function guardAgainstTruncate(tx: EntityManager, table: string, partition: string): Promise<void> {
  const triggers = await tx.execute<{ name: string }[]>(
    `select tgname as name from pg_trigger where tgrelid = ?::regclass and not tgisinternal and ${isTruncateTrigger}`,
    [table],
  );
  for (const { name } of triggers) {
    await tx.execute(
      `create trigger "${name}" before truncate on "${partition}" for each statement execute function partition_append_only_fn()`,
    );
  }
}

/** TRIGGER_TYPE_TRUNCATE of PostgreSQL's `pg_trigger.h`. */
const isTruncateTrigger = 'tgtype & 32 <> 0';

export const guardFunction = `
  create or replace function partition_append_only_fn() returns trigger as $$ begin
    if exists (select from pg_trigger t join pg_inherits i on i.inhparent = t.tgrelid
               where i.inhrelid = tg_relid and t.tgname = tg_name and t.tgenabled in ('O', 'A')) then
      raise exception 'the partition % is append-only', tg_table_name;
    end if;
    return null;
  end; $$ language plpgsql`;
