/** The tables that are partitioned by the time in their ids. A further table is one line here. */
import type { Period } from './periods.ts';

export interface PartitionedTable {
  name: 'audit_entries' | 'outbox_mails';
  period: Period;
}

export const partitionedTables: readonly PartitionedTable[] = [
  { name: 'audit_entries', period: 'month' },
  { name: 'outbox_mails', period: 'week' },
];

/** Partitions that exist beyond the current one. */
export const periodsAhead = 3;

export function isPartitionedTable(name: string): name is PartitionedTable['name'] {
  return partitionedTables.some((table) => table.name === name);
}

/** The name of the step of `migrate` that partitions a table. */
export function partitioningOf({ name }: PartitionedTable): string {
  return `partitions of ${name}`;
}
