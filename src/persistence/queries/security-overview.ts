/** The counts behind the security overview. Each is read from an index. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface Present {
  activeSessions: number;
  lockedAccounts: number;
  activeUsers: number;
  usersWithSecondFactor: number;
  pendingRegistrations: number;
}

export async function readPresent(em: EntityManager, now: Date): Promise<Present> {
  const [row] = await em.execute<Present[]>(
    `select
       (select count(*)::int from token_families where revoked_at is null and expires_at > :now) as "activeSessions",
       (select count(*)::int from attempt_counters where bucket = 'account' and locked_until > :now) as "lockedAccounts",
       (select count(*)::int from users) - (select count(*)::int from users where status <> 'ACTIVE') as "activeUsers",
       (select count(*)::int from users where mfa_enabled_at is not null and status = 'ACTIVE') as "usersWithSecondFactor",
       (select count(*)::int from registrations where expires_at > :now) as "pendingRegistrations"`,
    { now },
  );
  if (!row) throw new Error('counting gave nothing');
  return row;
}

/** A span of time, as ids. */
export interface Span {
  fromId: string;
  toId: string;
}

/** @returns how often an action was recorded in a span, by its place in the list */
export async function countActions<Action extends string>(
  em: EntityManager,
  spans: readonly Span[],
  actions: readonly Action[],
): Promise<(span: number, action: Action) => number> {
  const rows = await em.execute<{ span: number; action: Action; count: number }[]>(
    `select s.ordinality::int as span, a.action, (
       select count(*)::int from audit_entries e
       where e.action = a.action and e.id >= (s.value->>'fromId')::uuid and e.id < (s.value->>'toId')::uuid) as count
     from jsonb_array_elements(:spans::jsonb) with ordinality s, jsonb_array_elements_text(:actions::jsonb) a (action)`,
    { spans: JSON.stringify(spans), actions: JSON.stringify(actions) },
  );
  const counts = new Map(rows.map(({ span, action, count }) => [`${span} ${action}`, count]));
  return (span, action) => counts.get(`${span + 1} ${action}`) ?? 0;
}
