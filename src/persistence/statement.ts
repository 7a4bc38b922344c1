/**
 * Prepared statements for frequent queries: one round trip, planned once per connection. Other operations use MikroORM's
 * unit of work.
 */
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { BoundConnection } from './connection/bound-connection.ts';

export interface Statement {
  /** Names the prepared statement; unique in the program. */
  name: string;
  text: string;
}

/** Values that `pg` converts to parameters. */
export type Parameter = string | number | boolean | Date | Buffer | null | readonly string[];

/** Runs outside any transaction, on a connection of the pool. */
export async function query<Row extends object>(
  em: EntityManager,
  statement: Statement,
  values: readonly Parameter[],
): Promise<Row[]> {
  const connection: PostgreSqlConnection = em.getConnection();
  const pool = await connection.getNativeClient();
  // Behind a transaction pooler, the next server connection may not have the prepared statement.
  const isNamed = !(connection instanceof BoundConnection && connection.pooler === 'transaction');
  const { name, text } = statement;
  const { rows } = await pool.query<Row>({ ...(isNamed && { name }), text, values: [...values] });
  return rows;
}
