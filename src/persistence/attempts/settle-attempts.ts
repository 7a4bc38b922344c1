/** Settles reserved attempts that did not fail. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { hiddenList, type Parameter, query } from '../statement.ts';
import { type Counter, columnsOf } from './counter.ts';

export interface Settlement {
  counter: Counter;
  /**
   * `reset`: the counter starts again, except for the failures of its long window. `release`: the attempt does not count.
   */
  as: 'reset' | 'release';
}

/**
 * The parts of a `with` clause that settle attempts, by the parameters $1 to $3. Locks the rows in the order of the
 * settlements, so that concurrent statements do not deadlock.
 * @param condition what must have a row
 */
export function settlementParts(condition = 'select'): string {
  return `
    reserved_counters as (
      select c.bucket, c.key, s.is_reset
      from unnest(${hiddenList('$1::text[]')}, ${hiddenList('$2::bytea[]')}, ${hiddenList('$3::boolean[]')})
          with ordinality as s (bucket, key, is_reset, place)
        join attempt_counters c using (bucket, key)
      where exists(${condition}) and (s.is_reset or c.locked_until is null)
      order by s.place for update of c
    ), settled as (
      update attempt_counters c set
        attempts = case when is_reset then 0 else greatest(c.attempts - 1, 0) end,
        failures = case when is_reset then 0 else c.failures end,
        locks = case when is_reset then 0 else c.locks end,
        locked_until = case when is_reset then null else c.locked_until end
      from reserved_counters r where c.bucket = r.bucket and c.key = r.key
    )`;
}

const statement = { name: 'settle_attempts', text: `with ${settlementParts()} select` };

/** The values of the parameters $1 to $3. */
export function settlementValues(settlements: readonly Settlement[]): Parameter[] {
  const counters = settlements.map(({ counter }) => counter);
  return [...columnsOf(counters), settlements.map((settlement) => settlement.as === 'reset')];
}

export async function settleAttempts(em: EntityManager, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length > 0) await query(em, statement, settlementValues(settlements));
}
