/**
 * Prepared statements for the hot paths: one round trip, planned once a connection. Everything a person waits for at
 * a form goes through MikroORM's unit of work instead.
 */
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import { BoundConnection } from './connection/bound-connection.ts';

export interface Statement {
  /** Names the prepared statement; unique in the program. */
  name: string;
  text: string;
}

/** What `pg` turns into a parameter by itself. */
export type Parameter = string | number | boolean | Date | Buffer | null | readonly string[];

/** Runs outside any transaction, on a connection of the pool. */
export async function query<Row extends object>(
  em: EntityManager,
  statement: Statement,
  values: readonly Parameter[],
): Promise<Row[]> {
  const connection: PostgreSqlConnection = em.getConnection();
  const pool = await connection.getNativeClient();
  // A transaction pooler gives the next use of the name to a server connection that does not know it.
  const isNamed = !(connection instanceof BoundConnection && connection.pooler === 'transaction');
  const { name, text } = statement;
  const { rows } = await pool.query<Row>({ ...(isNamed && { name }), text, values: [...values] });
  return rows;
}
