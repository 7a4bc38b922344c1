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
  /** Quoted for SQL. */
  role: string;
  /** Quoted for SQL. */
  database: string;
}

/** What is wrong, what to do, and the statement that does it, where one does. */
export interface ServerProblem {
  problem: string;
  remedy: string;
  sql: string | null;
}

export async function readServerState(em: EntityManager): Promise<ServerState> {
  const [row] = await em.execute<ServerState[]>(
    `select current_setting('server_encoding') as encoding, pg_is_in_recovery() as "inRecovery",
            current_setting('transaction_read_only')::boolean as "readOnly",
            current_setting('transaction_isolation') as isolation,
            quote_ident(current_user) as role, quote_ident(current_database()) as database`,
  );
  if (!row) throw new Error('the server gave no settings');
  return row;
}

export function serverProblems({
  encoding,
  inRecovery,
  readOnly,
  isolation,
  role,
  database,
}: ServerState): ServerProblem[] {
  const problems: ServerProblem[] = [];
  const add = (problem: string, remedy: string, sql: string | null) => problems.push({ problem, remedy, sql });
  if (encoding !== 'UTF8')
    add(
      `the database has the encoding ${encoding}`,
      `create one with "create database ... encoding 'UTF8' template template0", and set DATABASE_URL to it`,
      null,
    );
  if (inRecovery)
    add('the server of DATABASE_URL is a standby, which is read-only', 'set DATABASE_URL to the primary', null);
  else if (readOnly)
    add(
      'the database of DATABASE_URL is read-only',
      'reset default_transaction_read_only of the database, the role or the server',
      `alter role ${role} in database ${database} set default_transaction_read_only = off`,
    );
  // The settings of a session can differ only behind a transaction pooler.
  if (isolation !== 'read committed')
    add(
      `the role of DATABASE_URL has the isolation level ${isolation}`,
      `run "alter role ... set default_transaction_isolation = 'read committed'"`,
      `alter role ${role} in database ${database} set default_transaction_isolation = 'read committed'`,
    );
  return problems;
}

/** @throws UnusableServer with the first problem */
export async function requireUsableServer(em: EntityManager): Promise<void> {
  const [first] = serverProblems(await readServerState(em));
  if (first) throw new UnusableServer(`${first.problem}: ${first.remedy}`);
}
