/** `postern migrate`: brings the database to this version's schema, or reports what is pending. */
import { migrate } from '../persistence/migrate.ts';
import { type PlannedMigration, planMigrations } from '../persistence/migration-plan.ts';
import { withApp } from './connect.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export function checkMigrations(terminal: Terminal): Promise<number> {
  return withApp(terminal, async ({ app }) => {
    const pending = await app.pendingMigrations();
    terminal.out(pending.length === 0 ? 'No migration is pending.' : `Pending: ${pending.join(', ')}`);
    return pending.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}

export function printPlan(terminal: Terminal): Promise<number> {
  return withApp(terminal, async ({ app, config: { database } }) => {
    const plans = await planMigrations(app.dependencies().em, database.partitions === 'on');
    if (plans.length === 0) terminal.out('No migration is pending.');
    for (const plan of plans) terminal.out(describePlan(plan));
    return plans.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}

function describePlan({ name, transactional, steps }: PlannedMigration): string {
  const lines = steps.map(({ lock, table, rows }) => {
    const work = rows === null ? '' : `, works on about ${rows} rows`;
    return `  ${lock}${table === null ? '' : ` on ${table}`}${work}`;
  });
  const kind = transactional ? 'one transaction' : 'statements outside of a transaction';
  return [`${name} (${kind})`, ...(lines.length > 0 ? lines : ['  no lock on an existing table'])].join('\n');
}

export function runMigrations(terminal: Terminal): Promise<number> {
  return withApp(terminal, async ({ app, database }) => {
    const applied = await migrate(app.directDatabase);
    terminal.out(
      applied.length === 0
        ? `No migration was pending in ${database}.`
        : `Applied to ${database}: ${applied.join(', ')}.`,
    );
    return exitCodes.done;
  });
}
