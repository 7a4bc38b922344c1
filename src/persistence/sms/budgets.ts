/**
 * Counts messages against budgets. The rows of the counters stay locked until the transaction ends, so parallel
 * transactions decide one after the other, and no budget is exceeded.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { inPlaces, type Placed, query } from '../statement.ts';

export interface Budget {
  key: string;
  windowEndsAt: Date;
}

/** Locks the rows in the order of the budgets, which is the same for all callers, so that they do not deadlock. */
const lock = {
  name: 'lock_sms_budgets',
  text: `with wanted as (
      select * from unnest($1::text[], $2::timestamptz[]) with ordinality as wanted (key, window_ends_at, place)
    ), locked as (
      insert into sms_counters as c (key, window_ends_at, count)
      select key, window_ends_at, 0 from wanted order by place
      on conflict (key, window_ends_at) do update set count = c.count
      returning key, count
    )
    select count, place from locked join wanted using (key)`,
};

/** @returns the messages that each budget has admitted */
export async function lockBudgets(tx: EntityManager, budgets: readonly Budget[]): Promise<number[]> {
  const rows = await query<{ count: number } & Placed>(tx, lock, columnsOf(budgets));
  return inPlaces(rows, budgets.length).map((row) => row?.count ?? 0);
}

const admit = {
  name: 'admit_sms',
  text: `update sms_counters c set count = c.count + $3
    from unnest($1::text[], $2::timestamptz[]) as wanted (key, window_ends_at)
    where c.key = wanted.key and c.window_ends_at = wanted.window_ends_at`,
};

/** Counts messages against budgets that are locked. */
export async function countMessages(tx: EntityManager, budgets: readonly Budget[], count: number): Promise<void> {
  await query(tx, admit, [...columnsOf(budgets), count]);
}

function columnsOf(budgets: readonly Budget[]) {
  return [budgets.map(({ key }) => key), budgets.map(({ windowEndsAt }) => windowEndsAt)] as const;
}

/** The messages of a window so far. */
export async function readBudget(em: EntityManager, { key, windowEndsAt }: Budget): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    'select count from sms_counters where key = ? and window_ends_at = ?',
    [key, windowEndsAt],
  );
  return row?.count ?? 0;
}

/** Stores a pause. */
export async function storePause(tx: EntityManager, { key, windowEndsAt }: Budget): Promise<void> {
  await tx.execute('insert into sms_counters (key, window_ends_at, count) values (?, ?, 0) on conflict do nothing', [
    key,
    windowEndsAt,
  ]);
}
