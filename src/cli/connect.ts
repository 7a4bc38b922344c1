/** Opens the parts of the gateway that a command works with, and closes them afterwards. */
import { type App, createApp } from '../app/app.ts';
import { type Config, readConfig } from '../config/config.ts';
import { createLogger } from '../logger.ts';
import { urlsOfHosts } from '../url-hosts.ts';
import type { Terminal } from './terminal.ts';

export interface Connected {
  app: App;
  config: Config;
  /** The database in words, for the report of a change: `database postern at db.example.com:5432`. */
  database: string;
}

/** Uses an embedded database that exists; only `serve` creates one. */
export async function withApp<T>(terminal: Terminal, work: (connected: Connected) => Promise<T>): Promise<T> {
  const config = readConfig();
  // Standard output is for the result of the command.
  const logger = createLogger(config.logLevel, process.stderr);
  const { beforeExit } = terminal;
  const app = await createApp(config, { logger, beforeExit, embeddedDatabase: 'existing' });
  try {
    return await work({ app, config, database: describeDatabase(app) });
  } finally {
    await app.close();
  }
}

/** @throws Error when a migration is pending: only `migrate` and `serve` apply migrations */
export function withMigratedApp<T>(terminal: Terminal, work: (connected: Connected) => Promise<T>): Promise<T> {
  return withApp(terminal, async (connected) => {
    const pending = await connected.app.pendingMigrations();
    if (pending.length > 0) {
      throw new Error(
        `${connected.database} lacks ${pending.length} of this version's migrations: run "postern migrate" first`,
      );
    }
    await connected.app.databaseClock.measure();
    return work(connected);
  });
}

/** Never the user and the password. */
function describeDatabase({ databaseUrl, embeddedDatabase }: App): string {
  const kind = embeddedDatabase ? 'embedded database' : 'database';
  const urls = urlsOfHosts(databaseUrl).map((url) => new URL(url));
  const addresses = urls.map(({ hostname, port, searchParams }) => {
    return `${searchParams.get('host') ?? hostname}:${port || 5432}`;
  });
  const name = decodeURIComponent(urls[0]?.pathname.slice(1) ?? '');
  return `${kind} ${name} at ${addresses.join(', ')}`;
}
