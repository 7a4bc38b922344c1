/** Failures, locks and standings of the counters of attempts. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { inPlaces, type Placed, query } from '../statement.ts';
import { type Counter, columnsOf, type Limit, placedCounters } from './counter.ts';

/** Counts a reserved attempt as failed. */
export async function failAttempt(em: EntityManager, counter: Counter): Promise<void> {
  await em.execute(
    'update attempt_counters set failures = failures + 1, total = total + 1 where bucket = ? and key = ?',
    [counter.bucket, counter.key],
  );
}

/**
 * Locks a counter that is full of failures. A lock is set once: of many parallel failures one gets it.
 * @returns the lock's end if this call set it
 */
export async function lockWhenFull(
  em: EntityManager,
  counter: Counter,
  limit: Limit,
  lock: { firstSeconds: number; longestSeconds: number },
  now: Date,
): Promise<Date | null> {
  const [row] = await em.execute<{ lockedUntil: string }[]>(
    `update attempt_counters set locks = locks + 1, locked_until = greatest(
       case when total >= :totalMax then total_ends_at end,
       :now::timestamptz + make_interval(secs => least(:first::float8 * power(2, least(locks, 20)), :longest::float8)))
     where bucket = :bucket and key = :key and locked_until is null and (failures >= :max or total >= :totalMax)
     returning locked_until as "lockedUntil"`,
    {
      ...counter,
      now,
      max: limit.max,
      totalMax: limit.totalMax ?? Number.MAX_SAFE_INTEGER,
      first: lock.firstSeconds,
      longest: lock.longestSeconds,
    },
  );
  return row ? new Date(row.lockedUntil) : null;
}

/** Deletes the counter, after the owner proved their identity by other means. @returns whether it was locked */
export async function forgetAttempts(em: EntityManager, counter: Counter, now: Date): Promise<boolean> {
  const [row] = await em.execute<{ locked: boolean }[]>(
    'delete from attempt_counters where bucket = ? and key = ? returning coalesce(locked_until > ?, false) as locked',
    [counter.bucket, counter.key, now],
  );
  return row?.locked ?? false;
}

export interface Standing {
  failures: number;
  windowEndsAt: Date;
  lockedUntil: Date | null;
}

interface StandingRow {
  failures: number;
  windowEndsAt: string;
  lockedUntil: string | null;
}

const standingsStatement = {
  name: 'attempt_standings',
  text: `select place, failures, window_ends_at as "windowEndsAt", locked_until as "lockedUntil"
    from ${placedCounters} join attempt_counters using (bucket, key)
    where locked_until > $3 or (locked_until is null and window_ends_at > $3)`,
};

/** @returns null for counters in which nothing was counted, or whose window has ended */
export async function findStandings(
  em: EntityManager,
  counters: readonly Counter[],
  now: Date,
): Promise<(Standing | null)[]> {
  const rows = await query<StandingRow & Placed>(em, standingsStatement, [...columnsOf(counters), now]);
  return inPlaces(rows, counters.length).map((row) => {
    if (row === null) return null;
    const lockedUntil = row.lockedUntil === null ? null : new Date(row.lockedUntil);
    return { failures: row.failures, windowEndsAt: new Date(row.windowEndsAt), lockedUntil };
  });
}

/** @returns the end of the lock of each locked counter, by key in hex */
export async function findLocks(
  em: EntityManager,
  counters: readonly Counter[],
  now: Date,
): Promise<Map<string, Date>> {
  const rows = await em.execute<{ key: string; lockedUntil: string }[]>(
    `select encode(key, 'hex') as key, locked_until as "lockedUntil" from attempt_counters
     where (bucket, key) in (${counters.map(() => '(?, ?)').join(', ')}) and locked_until > ?`,
    [...counters.flatMap(({ bucket, key }) => [bucket, key]), now],
  );
  return new Map(rows.map(({ key, lockedUntil }) => [key, new Date(lockedUntil)]));
}
