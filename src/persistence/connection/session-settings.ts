/** What every connection is set to after it is made, whatever the database, the role or the server say. */
import type { ClientBase } from 'pg';
import type { Pooler } from './database-url.ts';

/** In milliseconds; undefined: none. */
export interface Deadlines {
  /** Until a connection is made, or one of the pool is free. */
  connect: number;
  /** In this process: a server that says nothing cannot make a request wait longer. */
  query?: number;
  /** In the server. */
  statement?: number;
  lock?: number;
  idleInTransaction?: number;
}

export interface SessionOptions {
  deadlines: Deadlines;
  pooler: Pooler;
  /** The only schema of the search path. */
  schema: string | null;
  /** Refuses a server that takes no writes. */
  writableOnly: boolean;
}

/** PgBouncer follows these from client to client in transaction pooling, because PostgreSQL reports them. */
const reported = {
  client_encoding: 'UTF8',
  DateStyle: 'ISO, YMD',
  TimeZone: 'UTC',
  standard_conforming_strings: 'on',
};

const unreported = {
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  default_transaction_isolation: 'read committed',
  // Values of a failing statement stay out of PostgreSQL's log.
  log_parameter_max_length_on_error: '0',
};

/**
 * By `set` and not as startup parameters, of which PgBouncer refuses all but a few. A transaction pooler would give the
 * settings that it does not follow to other clients: there, transactions set their deadlines for themselves.
 */
export async function prepareSession(client: ClientBase, options: SessionOptions): Promise<void> {
  const { pooler, schema, deadlines, writableOnly } = options;
  const settings = {
    ...reported,
    ...(pooler === 'none' && {
      ...unreported,
      ...serverDeadlines(deadlines),
      ...(schema !== null && { search_path: `"${schema}"` }),
    }),
  };
  const { rows } = await client.query<{ readOnly: boolean }>(
    `select bool_or(current_setting('transaction_read_only')::boolean) as "readOnly",
            count(set_config(key, value, false))
     from json_each_text($1::json)`,
    [JSON.stringify(settings)],
  );
  if (writableOnly && rows[0]?.readOnly !== false) throw new ReadOnlyServer();
}

/** Has the SQLSTATE of a write that a read-only server refuses. */
export class ReadOnlyServer extends Error {
  override name = 'ReadOnlyServer';
  readonly code = '25006';

  constructor() {
    super('the server takes no writes');
  }
}

/** For `set local` at the start of a transaction, behind a transaction pooler. */
export function localSettings(deadlines: Deadlines): string {
  return Object.entries(serverDeadlines(deadlines))
    .map(([name, value]) => `set local ${name} = '${value}'`)
    .join('; ');
}

function serverDeadlines({ statement, lock, idleInTransaction }: Deadlines): Record<string, string> {
  const inMs = {
    statement_timeout: statement,
    lock_timeout: lock,
    idle_in_transaction_session_timeout: idleInTransaction,
  };
  return Object.fromEntries(
    Object.entries(inMs).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, `${ms}ms`]])),
  );
}
