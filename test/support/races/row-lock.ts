/**
 * Forces a race: holds a row lock until several transactions wait for it, then releases them together. Without it, the
 * first caller is often done before the second has a connection, and nothing runs in parallel.
 */
import pg from 'pg';
import type { TestDatabase } from '../gateway/database.ts';
import type { SignedIn } from '../gateway/gateway.ts';
import { until } from './until.ts';

/**
 * Counted from the first waiting transaction; shorter than the gateway's lock_timeout, so that no transaction gives up.
 */
const timeoutMs = 1000;

/**
 * @param lock for example `select from users where email = $1 for update`
 * @param race starts the callers; must not wait for them before it returns
 * @returns what `race` returns, after the lock was released
 */
export async function raceBehindLock<T>(
  database: TestDatabase,
  lock: { text: string; values: unknown[]; waiting: number },
  race: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    await client.query('begin');
    const { rowCount } = await client.query(lock.text, lock.values);
    if (rowCount !== 1) throw new Error(`the lock needs one row, and it found ${rowCount}`);
    const running = race();
    // On a busy machine the first transaction can take a while: passwords are hashed before it.
    await until('the first waiting transaction', () => hasWaiting(database, 1));
    await until(`${lock.waiting} waiting transactions`, () => hasWaiting(database, lock.waiting), timeoutMs);
    await client.query('commit');
    return await running;
  } finally {
    await client.end();
  }
}

/** Releases the callers when `waiting` transactions wait for the row of the user. */
export function raceAtUser<T>(
  { database }: { database: TestDatabase },
  { viewer }: Pick<SignedIn, 'viewer'>,
  waiting: number,
  race: () => Promise<T>,
): Promise<T> {
  const text = 'select from users where id = $1 for update';
  return raceBehindLock(database, { text, values: [viewer.id], waiting }, race);
}

/** Releases the callers when `waiting` transactions wait for the row of the session. */
export function raceAtSession<T>(
  { database }: { database: TestDatabase },
  { session }: Pick<SignedIn, 'session'>,
  waiting: number,
  race: () => Promise<T>,
): Promise<T> {
  const text = 'select from token_families where id = $1 for update';
  return raceBehindLock(database, { text, values: [session.id], waiting }, race);
}

/** Whether so many transactions wait for a lock. */
export async function hasWaiting(database: TestDatabase, count: number): Promise<boolean> {
  const waiting = await database.query(
    `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return waiting.length >= count;
}
