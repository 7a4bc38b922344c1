/** `postern partitions …`: shows and creates the partitions of large tables. */
import { timeOfId } from '../domain/ids.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { createMissingPartitions } from '../persistence/partitions/create.ts';
import { findPartitions, type Partition } from '../persistence/partitions/partition-list.ts';
import { partitionedTables } from '../persistence/partitions/tables.ts';
import { withMigratedApp } from './connect.ts';
import type { Terminal } from './terminal.ts';

export function listPartitions(terminal: Terminal): Promise<void> {
  return withMigratedApp(terminal, async ({ app }) => {
    const { em } = app.dependencies();
    for (const { name } of partitionedTables) {
      const partitions = await findPartitions(em, name);
      for (const partition of partitions) terminal.out(lineOf(partition));
      if (partitions.length === 0) terminal.out(`${name} is not partitioned: run "postern migrate" with PARTITIONS=on`);
    }
  });
}

export function createPartitions(terminal: Terminal, ahead: number): Promise<void> {
  return withMigratedApp(terminal, async ({ app, database }) => {
    const { em, clock } = app.dependencies();
    await requirePartitions(em);
    const created = await createMissingPartitions(em, clock.now(), ahead);
    terminal.out(created.length === 0 ? 'No partition was missing.' : `Created in ${database}: ${created.join(', ')}.`);
  });
}

async function requirePartitions(em: EntityManager): Promise<void> {
  for (const { name } of partitionedTables) {
    if ((await findPartitions(em, name)).length > 0) return;
  }
  throw new Error('no table is partitioned: run "postern migrate" with PARTITIONS=on first');
}

function lineOf({ name, from, to, isDefault, rows }: Partition): string {
  const date = (id: string | null) => (id === null ? '' : timeOfId(id).toISOString().slice(0, 10));
  const range = isDefault ? 'every other time' : `${date(from)}..${date(to)}`;
  return `${name}  ${range}  about ${rows} rows`;
}
