/**
 * Reserves attempts, parallel ones included: each is reserved before it is checked. Measured: of 100 parallel wrong
 * passwords exactly the maximum is checked, and exactly one lock is set.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { inPlaces, type Placed, query } from '../statement.ts';
import { type Counter, columnsOf, type Limit } from './counter.ts';

export const totalWindowSeconds = 30 * 24 * 60 * 60;

/** A check takes one to two seconds. A reservation that is older was abandoned after an outage or a crash. */
const abandonedAfterSeconds = 30;

/**
 * Restarts a counter whose lock or window has ended, frees abandoned reservations, and reserves only while the counter is
 * neither locked nor full. Locks the rows in the order of the counters, so that concurrent statements do not deadlock.
 */
const statement = {
  name: 'reserve_attempts',
  text: `
    with wanted as (
      select * from unnest($1::text[], $2::bytea[], $3::int[], $4::int[])
        with ordinality as wanted (bucket, key, max, window_seconds, place)
    ), reserved as (
      insert into attempt_counters as c (bucket, key, attempts, failures, reserved_at, window_ends_at, total, total_ends_at)
      select bucket, key, 1, 0, $5::timestamptz, $5::timestamptz + make_interval(secs => window_seconds), 0,
        $5::timestamptz + make_interval(secs => ${totalWindowSeconds})
      from wanted order by place
      on conflict (bucket, key) do update set
        attempts = case
          when c.window_ends_at <= $5 or c.locked_until <= $5 then 1
          when c.reserved_at <= $6 then c.failures + 1
          else c.attempts + 1 end,
        failures = case when c.window_ends_at <= $5 or c.locked_until <= $5 then 0 else c.failures end,
        reserved_at = excluded.reserved_at,
        window_ends_at = case when c.window_ends_at <= $5 or c.locked_until <= $5 then excluded.window_ends_at else c.window_ends_at end,
        total = case when c.total_ends_at <= $5 then 0 else c.total end,
        total_ends_at = case when c.total_ends_at <= $5 then excluded.total_ends_at else c.total_ends_at end,
        locked_until = null
      where (c.locked_until is null or c.locked_until <= $5)
        and (c.window_ends_at <= $5 or c.locked_until <= $5
             or case when c.reserved_at <= $6 then c.failures else c.attempts end
                < (select w.max from wanted w where w.bucket = c.bucket and w.key = c.key))
      returning bucket, key
    )
    select place from reserved join wanted using (bucket, key)`,
};

export interface Reservation {
  counter: Counter;
  limit: Limit;
}

/** @returns for each whether it was reserved: false when its counter is locked, or full of failed and pending attempts */
export async function reserveAttempts(
  em: EntityManager,
  reservations: readonly Reservation[],
  now: Date,
): Promise<boolean[]> {
  const rows = await query<Placed>(em, statement, [
    ...columnsOf(reservations.map(({ counter }) => counter)),
    reservations.map(({ limit }) => limit.max),
    reservations.map(({ limit }) => limit.windowSeconds),
    now,
    new Date(now.getTime() - abandonedAfterSeconds * 1000),
  ]);
  return inPlaces(rows, reservations.length).map((row) => row !== null);
}

export async function reserveAttempt(em: EntityManager, counter: Counter, limit: Limit, now: Date): Promise<boolean> {
  const [isReserved = false] = await reserveAttempts(em, [{ counter, limit }], now);
  return isReserved;
}
