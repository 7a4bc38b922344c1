/** `postern migrate`: brings the database to this version's schema, or reports what is pending. */
import { migrate } from '../persistence/migrate.ts';
import { withApp } from './connect.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export function checkMigrations(terminal: Terminal): Promise<number> {
  return withApp(terminal, async ({ app }) => {
    const pending = await app.pendingMigrations();
    terminal.out(pending.length === 0 ? 'No migration is pending.' : `Pending: ${pending.join(', ')}`);
    return pending.length === 0 ? exitCodes.done : exitCodes.failed;
  });
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
