/**
 * Counts attempts, parallel ones included: each is reserved before it is checked. Measured: of 100 parallel wrong passwords
 * exactly the maximum is checked, and exactly one lock is set.
 */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface Counter {
  bucket: string;
  key: Buffer;
}

/** Durations in seconds. */
export interface Limit {
  max: number;
  windowSeconds: number;
  /** The maximum of failures in the long window, also with successes between them; null: no such limit. */
  totalMax: number | null;
}

export const totalWindowSeconds = 30 * 24 * 60 * 60;

/** A check takes one to two seconds. A reservation that is older was abandoned after an outage or a crash. */
const abandonedAfterSeconds = 30;

/**
 * Restarts a counter whose lock or window has ended, frees abandoned reservations, and reserves only while the counter is
 * neither locked nor full.
 */
const reserveStatement = `
  insert into attempt_counters as c (bucket, key, attempts, failures, reserved_at, window_ends_at, total, total_ends_at)
  values (:bucket, :key, 1, 0, :now, :now::timestamptz + make_interval(secs => :window), 0, :now::timestamptz + make_interval(secs => :totalWindow))
  on conflict (bucket, key) do update set
    attempts = case
      when c.window_ends_at <= :now or c.locked_until <= :now then 1
      when c.reserved_at <= :abandoned then c.failures + 1
      else c.attempts + 1 end,
    failures = case when c.window_ends_at <= :now or c.locked_until <= :now then 0 else c.failures end,
    reserved_at = excluded.reserved_at,
    window_ends_at = case when c.window_ends_at <= :now or c.locked_until <= :now then excluded.window_ends_at else c.window_ends_at end,
    total = case when c.total_ends_at <= :now then 0 else c.total end,
    total_ends_at = case when c.total_ends_at <= :now then excluded.total_ends_at else c.total_ends_at end,
    locked_until = null
  where (c.locked_until is null or c.locked_until <= :now)
    and (c.window_ends_at <= :now or c.locked_until <= :now or c.attempts < :max
         or (c.reserved_at <= :abandoned and c.failures < :max))
  returning attempts`;

/** @returns false when the counter is locked, or full of failed and pending attempts */
export async function reserveAttempt(em: EntityManager, counter: Counter, limit: Limit, now: Date): Promise<boolean> {
  const rows = await em.execute<{ attempts: number }[]>(reserveStatement, {
    ...counter,
    now,
    window: limit.windowSeconds,
    totalWindow: totalWindowSeconds,
    abandoned: new Date(now.getTime() - abandonedAfterSeconds * 1000),
    max: limit.max,
  });
  return rows.length === 1;
}

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

/** A success: resets the counter, except the failures of the long window. */
export async function clearAttempts(em: EntityManager, counter: Counter): Promise<void> {
  await em.execute(
    'update attempt_counters set attempts = 0, failures = 0, locks = 0, locked_until = null where bucket = ? and key = ?',
    [counter.bucket, counter.key],
  );
}

/** Releases the reservation of an attempt that succeeded or was not checked. */
export async function returnAttempt(em: EntityManager, counter: Counter): Promise<void> {
  await em.execute(
    'update attempt_counters set attempts = greatest(attempts - 1, 0) where bucket = ? and key = ? and locked_until is null',
    [counter.bucket, counter.key],
  );
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

/** @returns null when nothing was counted, or the window has ended */
export async function findStanding(em: EntityManager, counter: Counter, now: Date): Promise<Standing | null> {
  const [row] = await em.execute<{ failures: number; windowEndsAt: string; lockedUntil: string | null }[]>(
    `select failures, window_ends_at as "windowEndsAt", locked_until as "lockedUntil" from attempt_counters
     where bucket = ? and key = ? and (locked_until > ? or (locked_until is null and window_ends_at > ?))`,
    [counter.bucket, counter.key, now, now],
  );
  if (!row) return null;
  const lockedUntil = row.lockedUntil === null ? null : new Date(row.lockedUntil);
  return { failures: row.failures, windowEndsAt: new Date(row.windowEndsAt), lockedUntil };
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
