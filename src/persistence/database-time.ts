/** The database server's own clock. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from './statement.ts';

const statement = {
  name: 'database_time',
  text: 'select extract(epoch from clock_timestamp())::float8 * 1000 as "epochMs"',
};

export async function readDatabaseTime(em: EntityManager): Promise<Date> {
  const [row] = await query<{ epochMs: number }>(em, statement, []);
  if (!row) throw new Error('the database did not tell its time');
  return new Date(row.epochMs);
}
