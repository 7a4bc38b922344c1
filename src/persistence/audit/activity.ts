/** Counts of audit entries by time: written when entries are sealed, read with those that are not sealed yet. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { maxCount } from '../bounded-count.ts';
import { unsealed } from './audit-chain.ts';
import { findLastCheckpoint } from './audit-checkpoints.ts';

/** The counted actions of each column of audit_activity. */
export interface CountedActions {
  signIns: readonly string[];
  signInFailures: readonly string[];
  locks: readonly string[];
  tokenReuses: readonly string[];
  registrations: readonly string[];
}

export type ActivityCounts = Record<keyof CountedActions, number>;

const columns = ['sign_ins', 'sign_in_failures', 'locks', 'token_reuses', 'registrations'];
const each = (text: (column: string) => string) => columns.map(text).join(', ');

/** The entry `e` in each column: 1 or 0. */
const counted = `
  (e.action in (:signIns))::int as sign_ins, (e.action in (:signInFailures))::int as sign_in_failures,
  (e.action in (:locks))::int as locks, (e.action in (:tokenReuses))::int as token_reuses,
  (e.action in (:registrations))::int as registrations`;

/** @returns the number of the last counted seal */
export async function readCountedSequence(tx: EntityManager): Promise<number> {
  const [row] = await tx.execute<{ sequence: number }[]>('select seq::float8 as sequence from audit_activity_progress');
  return row?.sequence ?? 0;
}

/**
 * The caller holds the lock of the chain, so that no seal is counted twice. `offset 0` prevents a join, for which PostgreSQL would
 * read the whole trail.
 */
export async function countSealed(
  tx: EntityManager,
  range: { after: number; upTo: number },
  actions: CountedActions,
): Promise<void> {
  await tx.execute(
    `insert into audit_activity (seconds, starts_at, ${each((column) => column)})
     select l.seconds, date_bin(l.seconds * interval '1 second', e.occurred_at, 'epoch'), ${each((column) => `sum(${column})`)}
     from (select e.occurred_at, ${counted} from audit_seals s
           cross join lateral (select occurred_at, action from audit_entries where id = s.entry_id offset 0) e
           where s.seq > :after and s.seq <= :upTo) e cross join (values (300), (3600)) l (seconds)
     where ${columns.join(' + ')} > 0
     group by 1, 2
     on conflict (seconds, starts_at) do update set ${each((column) => `${column} = audit_activity.${column} + excluded.${column}`)}`,
    { ...range, ...actions },
  );
  await tx.execute('update audit_activity_progress set seq = ?', [range.upTo]);
}

/**
 * Counts all sealed entries, and the oldest unsealed ones up to a bound.
 * @param span `from` is a multiple of `unit` (300 or 3600), `length` as well, in seconds; `to` is a multiple of `unit`, or no entry is as late
 * @returns the counts of each interval that has any, by the number of the interval
 */
export async function readActivityCounts(
  em: EntityManager,
  { from, to, unit, length }: { from: Date; to: Date; unit: number; length: number },
  actions: CountedActions,
): Promise<Map<number, ActivityCounts>> {
  // Read before the entries: what is sealed in between is counted as sealed.
  const horizon = (await findLastCheckpoint(em))?.horizon ?? '0';
  const rows = await em.execute<(ActivityCounts & { span: number })[]>(
    `select floor(extract(epoch from a.at - :from::timestamptz) / :length)::int as span, ${sums}
     from (select starts_at as at, ${each((column) => column)} from audit_activity
           where seconds = :unit and starts_at >= :from and starts_at < :to
           union all
           select e.occurred_at, ${counted} from (
             select e.occurred_at, e.action from audit_entries e where e.inserted_by >= :horizon::xid8 and ${unsealed}
             order by e.inserted_by limit ${maxCount}) e
           where e.occurred_at >= :from and e.occurred_at < :to) a
     group by 1`,
    { from, to, unit, length, horizon, ...actions },
  );
  return new Map(rows.map(({ span, ...counts }) => [span, counts]));
}

const sums = `sum(sign_ins)::int as "signIns", sum(sign_in_failures)::int as "signInFailures", sum(locks)::int as locks,
  sum(token_reuses)::int as "tokenReuses", sum(registrations)::int as registrations`;
