/** `postern cleanup`: deletes expired rows once, as the server does on a schedule. */
import type { Command } from 'commander';
import { cleanUp } from '../domain/clean-up.ts';
import { withMigratedApp } from './connect.ts';
import type { Terminal } from './terminal.ts';

export function registerCleanUp(program: Command, terminal: Terminal): void {
  program
    .command('cleanup')
    .description('delete expired rows once; the server does this on a schedule')
    .action(() => runCleanUp(terminal));
}

async function runCleanUp(terminal: Terminal): Promise<void> {
  await withMigratedApp(terminal, async ({ app, database }) => {
    const cleaned = {
      ...(await cleanUp(app.dependencies())),
      audit_entries: await app.auditSealing.removeOutdated(),
    };
    for (const [table, count] of Object.entries(cleaned)) terminal.out(`${table}: ${count}`);
    terminal.out(`Changed ${database}.`);
  });
}
