/** Creates a separate database for each gateway under test. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';

const dropAttempts = 5;
/** Longer than an autovacuum worker needs for a small database. */
const dropPauseMs = 200;

export interface TestDatabase {
  url: string;
  /** Reads or changes the database beside the gateway. */
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** @param options.copyOf a database without connections @param options.options of `create database` */
export async function createTestDatabase(
  options: { empty?: boolean; copyOf?: TestDatabase; options?: string } = {},
): Promise<TestDatabase> {
  const templateUrl = inject('templateUrl');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const template = options.copyOf?.url.split('/').at(-1) ?? 'postern_template';
  await administer(`create database ${name} ${options.options ?? (options.empty ? '' : `template ${template}`)}`);
  const url = templateUrl.replace(/[^/]+$/, name);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // Dropping the database closes idle connections; the test ignores that error.
  pool.on('error', () => undefined);
  return {
    url,
    async query<Row extends object>(text: string, values: unknown[] = []) {
      return (await pool.query<Row>(text, values)).rows;
    },
    async drop() {
      await pool.end();
      await retry(dropAttempts, () => administer(`drop database ${name} with (force)`));
    },
  };
}

/** While an autovacuum worker is connected, PostgreSQL refuses to drop the database by force. */
async function retry(attempts: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (attempts <= 1) throw error;
    await sleep(dropPauseMs);
    await retry(attempts - 1, work);
  }
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client(inject('templateUrl').replace(/[^/]+$/, 'postern'));
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
