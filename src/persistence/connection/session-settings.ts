/** The settings of every connection. They override those of the database, the role and the server. */
import type { ClientBase } from 'pg';
import type { Pooler } from './database-url.ts';

/** In milliseconds; undefined: none. */
export interface Deadlines {
  /** For a new connection, or a free one of the pool. */
  connect: number;
  /** In this process, against a server that does not answer. */
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
  /** Rejects a server that accepts no writes. */
  writableOnly: boolean;
}

/** PgBouncer tracks these per client in transaction pooling, because PostgreSQL reports them. */
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
 * Uses `set` and not startup parameters, because PgBouncer rejects most of those. A transaction pooler would leak settings
 * that it does not track to other clients: there, each transaction sets its own deadlines.
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

/** Has the SQLSTATE of a write to a read-only server. */
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

/**
 * What `alter role ... set` has to give the role of a transaction pooler, where no session keeps its settings. A deadline
 * may have another value.
 */
export function roleSettings(deadlines: Deadlines): {
  exact: Record<string, string>;
  deadlines: Record<string, string>;
} {
  return { exact: unreported, deadlines: serverDeadlines(deadlines) };
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
