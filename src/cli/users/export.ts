/** `postern users export` and `postern users hashes`. */
import { exportUsers as exportAll } from '../../domain/administration/export-users.ts';
import { hashReport } from '../../domain/administration/hash-report.ts';
import { withMigratedApp } from '../connect.ts';
import { type Terminal, UsageError } from '../terminal.ts';

export interface ExportOptions {
  withHashes?: boolean;
  iUnderstand?: boolean;
  since?: Date;
}

export async function exportUsers(terminal: Terminal, options: ExportOptions): Promise<void> {
  const { withHashes = false, iUnderstand = false, since = null } = options;
  if (withHashes && !iUnderstand) {
    throw new UsageError(
      '--with-hashes: every reader of the file can sign in as every user; add --i-understand to confirm',
    );
  }
  await withMigratedApp(terminal, async ({ app, database }) => {
    const deps = { ...app.backgroundDependencies(), sealer: app.sealer };
    const reading = (await app.replica?.caughtUp()) ?? deps.em;
    const rows = await exportAll(deps, reading, { since, withHashes }, (lines) => terminal.write(lines));
    terminal.error(`Exported ${rows} users of ${database}.`);
  });
}

export async function reportHashes(terminal: Terminal): Promise<void> {
  await withMigratedApp(terminal, async ({ app }) => {
    for (const { algorithm, users, imported } of await hashReport(app.backgroundDependencies())) {
      terminal.out(`${algorithm.padEnd(16)}  ${String(users).padStart(9)} users, ${imported} of them imported`);
    }
  });
}
