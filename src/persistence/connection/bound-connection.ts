/** MikroORM's driver for PostgreSQL, with values bound as parameters in every query and flush. */
import {
  type AnyEntity,
  type Configuration,
  type Dictionary,
  type EntityData,
  isRaw,
  type LoggingOptions,
  type RawQueryFragment,
  raw,
  type Transaction,
} from '@mikro-orm/core';
import {
  type NativeQueryBuilder,
  PostgreSqlConnection,
  PostgreSqlDriver,
  type QueryResult,
} from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { PoolConfig } from 'pg';
import { type Trace, untraced } from '../../trace.ts';
import { bindQuery } from './bind.ts';
import type { Pooler } from './database-url.ts';

type Query = string | NativeQueryBuilder | RawQueryFragment;
type Values = readonly unknown[] | Dictionary<unknown>;

export interface BoundConnectionOptions extends PoolConfig {
  /** `transaction`: no statement relies on session state between transactions. */
  pooler: Pooler;
  /** The first statements of every transaction. */
  transactionStart: string | null;
  trace: Trace;
}

export class BoundConnection extends PostgreSqlConnection {
  #options: BoundConnectionOptions | null = null;

  get trace(): Trace {
    return this.#options?.trace ?? untraced;
  }

  get pooler(): Pooler {
    return this.#options?.pooler ?? 'none';
  }

  override async begin(options: Parameters<PostgreSqlConnection['begin']>[0] = {}): Promise<Transaction> {
    const transaction = await this.trace.span('begin', () => super.begin(options));
    const start = this.#options?.transactionStart;
    if (start && !options.ctx) await this.execute(start, [], 'run', transaction);
    return transaction;
  }

  override commit(...args: Parameters<PostgreSqlConnection['commit']>): Promise<void> {
    return this.trace.span('commit', () => super.commit(...args));
  }

  /** Like MikroORM's implementation, except that values are bound. */
  override async execute<T extends QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[]>(
    query: Query,
    params: Values = [],
    method: 'all' | 'get' | 'run' = 'all',
    transaction?: Transaction,
    context?: LoggingOptions,
  ): Promise<T> {
    await this.ensureConnection();
    const { sql, values: given } = read(query, params);
    const { text, values } = bindQuery(this.platform, sql, given);
    const run = async () => {
      const client = transaction ?? this.getClient();
      const result = await this.trace.span<{ rows: readonly unknown[] }>(
        () => statementLabel(text),
        () => client.executeQuery(CompiledQuery.raw(text, [...values])),
        ({ rows }) => ({ attributes: { rows: rows.length } }),
      );
      return this.transformRawResult<T>(result, method);
    };
    return this.executeQuery<T>(text, run, context);
  }

  /** Not supported: MikroORM's implementation writes the values into the text. */
  override stream<T extends EntityData<AnyEntity>>(): AsyncIterableIterator<T> {
    throw new Error('a stream of rows is not supported: read pages with execute');
  }

  /** The target (database-url.ts) is complete; MikroORM would fill gaps with its own defaults. */
  override mapOptions(overrides: BoundConnectionOptions): PoolConfig {
    this.#options = overrides;
    return { ...super.mapOptions({}), ...overrides };
  }
}

export class BoundDriver extends PostgreSqlDriver {
  protected override readonly connection: BoundConnection;

  constructor(config: Configuration) {
    super(config);
    this.connection = new BoundConnection(config);
  }
}

/** The command and the first table: words of the program. The rest of the text is not for other systems. */
function statementLabel(text: string): string {
  const command = /^\s*(?:with|select|insert|update|delete)\b/i.exec(text)?.[0].trim().toLowerCase() ?? 'statement';
  const [, table] = /\b(?:from|into|update)\s+"?([a-z_]{1,63})\b/i.exec(text) ?? [];
  return table === undefined ? command : `${command} ${table}`;
}

function read(query: Query, params: Values): { sql: string; values: readonly unknown[] } {
  if (typeof query === 'string') {
    if (isList(params)) return { sql: query, values: params };
    // Named parameters.
    const fragment = raw<RawQueryFragment>(query, params);
    return { sql: fragment.sql, values: fragment.params };
  }
  const fragment = isRaw(query) ? query : query.toRaw();
  return { sql: fragment.sql, values: fragment.params };
}

function isList(params: Values): params is readonly unknown[] {
  return Array.isArray(params);
}
