/** Reads from PostgreSQL's catalogue which partitions a table has. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { firstIdOf } from '../id-times.ts';
import { partitionedTables } from './tables.ts';

export interface Partition {
  name: string;
  /** The lowest id; null: no lower bound. */
  from: string | null;
  /** The lowest id after it; null: no upper bound. */
  to: string | null;
  /** Holds the ids that no other partition takes. */
  isDefault: boolean;
  /** PostgreSQL's estimate; 0 before the first analysis. */
  rows: number;
}

/** A partition of one period: both bounds are known. */
export type PeriodPartition = Partition & { from: string; to: string };

/** In the order of their ids, the default partition last; none: the table is not partitioned. */
export async function findPartitions(em: EntityManager, table: string): Promise<Partition[]> {
  const rows = await em.execute<{ name: string; bound: string; rows: number }[]>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound, greatest(c.reltuples, 0)::float8 as rows
     from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass(?)`,
    [table],
  );
  return rows.map(partitionFrom).sort(inOrder);
}

export function isOfPeriod(partition: Partition): partition is PeriodPartition {
  return partition.from !== null && partition.to !== null;
}

export function holds(partition: Partition, id: string): boolean {
  const { from, to, isDefault } = partition;
  return !isDefault && (from === null || from <= id) && (to === null || id < to);
}

/** @returns the partitioned tables without a partition for this time: their rows go to the default partition */
export async function findGaps(em: EntityManager, now: Date): Promise<string[]> {
  const gaps: string[] = [];
  for (const { name } of partitionedTables) {
    const partitions = await findPartitions(em, name);
    const isCovered = partitions.some((partition) => holds(partition, firstIdOf(now)));
    if (partitions.length > 0 && !isCovered) gaps.push(name);
  }
  return gaps;
}

/** @returns the number of partitions of each partitioned table */
export async function countPartitions(em: EntityManager): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { name } of partitionedTables) {
    const partitions = await findPartitions(em, name);
    if (partitions.length > 0) counts.set(name, partitions.length);
  }
  return counts;
}

function partitionFrom({ name, bound, rows }: { name: string; bound: string; rows: number }): Partition {
  const [, from, to] = /^FOR VALUES FROM \((?:MINVALUE|'([^']+)')\) TO \((?:MAXVALUE|'([^']+)')\)$/.exec(bound) ?? [];
  return { name, from: from ?? null, to: to ?? null, isDefault: bound === 'DEFAULT', rows };
}

function inOrder(one: Partition, other: Partition): number {
  if (one.isDefault !== other.isDefault) return one.isDefault ? 1 : -1;
  return (one.from ?? '') < (other.from ?? '') ? -1 : 1;
}
