/** Rejects an unusable database server with one sentence, before any other work. */
import type { EntityManager } from '@mikro-orm/postgresql';

export class UnusableServer extends Error {
  override name = 'UnusableServer';
}

export interface ServerState {
  encoding: string;
  inRecovery: boolean;
  readOnly: boolean;
  isolation: string;
}

export async function readServerState(em: EntityManager): Promise<ServerState> {
  const [row] = await em.execute<ServerState[]>(
    `select current_setting('server_encoding') as encoding, pg_is_in_recovery() as "inRecovery",
            current_setting('transaction_read_only')::boolean as "readOnly",
            current_setting('transaction_isolation') as isolation`,
  );
  if (!row) throw new Error('the server gave no settings');
  return row;
}

/** @throws UnusableServer */
export async function requireUsableServer(em: EntityManager): Promise<void> {
  const { encoding, inRecovery, readOnly, isolation } = await readServerState(em);
  if (encoding !== 'UTF8') {
    throw new UnusableServer(
      `the database has the encoding ${encoding}: create one with "create database ... encoding 'UTF8' template template0", and set DATABASE_URL to it`,
    );
  }
  if (inRecovery) {
    throw new UnusableServer(
      'the server of DATABASE_URL is a standby, which is read-only: set DATABASE_URL to the primary',
    );
  }
  if (readOnly) {
    throw new UnusableServer(
      'the database of DATABASE_URL is read-only: reset default_transaction_read_only of the database, the role or the server',
    );
  }
  // The settings of a session can differ only behind a transaction pooler.
  if (isolation !== 'read committed') {
    throw new UnusableServer(
      `the role of DATABASE_URL has the isolation level ${isolation}: run "alter role ... set default_transaction_isolation = 'read committed'"`,
    );
  }
}
