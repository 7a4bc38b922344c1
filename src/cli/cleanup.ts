/** `postern cleanup`: deletes expired rows once, as the server does on a schedule. */
import { withMigratedApp } from './connect.ts';
import type { Terminal } from './terminal.ts';

export async function runCleanUp(terminal: Terminal): Promise<void> {
  await withMigratedApp(terminal, async ({ app, database }) => {
    const cleaned = await app.cleanUpAlone();
    if (cleaned === null) return terminal.out('Another instance is running the clean-up.');
    for (const [table, count] of Object.entries(cleaned)) terminal.out(`${table}: ${count}`);
    terminal.out(`Changed ${database}.`);
  });
}
