/**
 * Prepared statements for frequent queries: one round trip, planned once per connection. Other operations use MikroORM's
 * unit of work.
 */
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { CompiledQuery, type Transaction } from 'kysely';
import { type SpanResult, untraced } from '../trace.ts';
import { BoundConnection } from './connection/bound-connection.ts';

export interface Statement {
  /** Names the prepared statement; unique in the program. */
  name: string;
  text: string;
}

type Scalar = string | number | boolean | Date | Buffer | null;
/** Values that `pg` converts to parameters. */
export type Parameter = Scalar | readonly Scalar[];

/**
 * A list as one parameter, of a length that the planner does not see. It takes a list that it sees to have two elements for
 * cheaper than one of unknown length, for which it assumes ten, and would then plan the statement again each time.
 */
export function hiddenList(parameter: string): string {
  return `(select ${parameter})`;
}

/** Runs in the transaction of the entity manager; without one, on a connection of the pool. */
export function query<Row extends object>(
  em: EntityManager,
  statement: Statement,
  values: readonly Parameter[],
): Promise<Row[]> {
  const connection: PostgreSqlConnection = em.getConnection();
  const trace = connection instanceof BoundConnection ? connection.trace : untraced;
  return trace.span(statement.name, () => run<Row>(em, connection, statement, values), rowsOf);
}

async function run<Row extends object>(
  em: EntityManager,
  connection: PostgreSqlConnection,
  { name, text }: Statement,
  values: readonly Parameter[],
): Promise<Row[]> {
  const transaction = em.getTransactionContext<Transaction<unknown>>();
  if (transaction) return (await transaction.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
  const pool = await connection.getNativeClient();
  // Behind a transaction pooler, the next server connection may not have the prepared statement.
  const isNamed = !(connection instanceof BoundConnection && connection.pooler === 'transaction');
  const { rows } = await pool.query<Row>({ ...(isNamed && { name }), text, values: [...values] });
  return rows;
}

function rowsOf(rows: readonly object[]): SpanResult {
  return { attributes: { rows: rows.length } };
}

/** A row of a statement about several things, with the place of its thing (`with ordinality`), counted from 1. */
export interface Placed {
  /** PostgreSQL's bigint, as text. */
  place: string;
}

/** @returns for each of the things its row, or null */
export function inPlaces<Row>(rows: readonly (Row & Placed)[], count: number): (Row | null)[] {
  const byPlace = new Map(rows.map((row) => [Number(row.place), row]));
  return Array.from({ length: count }, (_, index) => byPlace.get(index + 1) ?? null);
}
