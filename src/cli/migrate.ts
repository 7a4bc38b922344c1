/** `postern migrate`: brings the database to this version's schema, or reports what is pending. */
import type { Command } from 'commander';
import { migrate } from '../persistence/migrate.ts';
import { withApp } from './connect.ts';
import { type Answer, exitCodes, type Terminal } from './terminal.ts';

export function registerMigrate(program: Command, terminal: Terminal, answer: Answer): void {
  program
    .command('migrate')
    .description('apply pending migrations, each in its own transaction')
    .option('--check', 'only report; exit 1 when a migration is pending')
    .action(async (options: { check?: boolean }) => {
      answer(options.check ? await checkMigrations(terminal) : await runMigrations(terminal));
    });
}

function checkMigrations(terminal: Terminal): Promise<number> {
  return withApp(terminal, async ({ app }) => {
    const pending = await app.pendingMigrations();
    terminal.out(pending.length === 0 ? 'No migration is pending.' : `Pending: ${pending.join(', ')}`);
    return pending.length === 0 ? exitCodes.done : exitCodes.failed;
  });
}

function runMigrations(terminal: Terminal): Promise<number> {
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
