/** The counts behind the security overview. Each is read from an index, up to a bound. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount } from '../bounded-count.ts';

export interface Present {
  activeSessions: number;
  lockedAccounts: number;
  activeUsers: number;
  usersWithSecondFactor: number;
  pendingRegistrations: number;
}

export async function readCurrentState(em: EntityManager, now: Date): Promise<Present> {
  const [row] = await em.execute<Present[]>(
    `select
       ${boundedCount('token_families where revoked_at is null and expires_at > :now')} as "activeSessions",
       ${boundedCount("attempt_counters where bucket = 'account' and locked_until > :now")} as "lockedAccounts",
       ${boundedCount("users where status = 'ACTIVE'")} as "activeUsers",
       ${boundedCount("users where mfa_enabled_at is not null and status = 'ACTIVE'")} as "usersWithSecondFactor",
       ${boundedCount('registrations where expires_at > :now')} as "pendingRegistrations"`,
    { now },
  );
  if (!row) throw new Error('counting gave nothing');
  return row;
}

/** A span of time, as bounds of ids (UUIDv7). */
export interface Span {
  fromId: string;
  toId: string;
}

/** @returns the number of entries of an action in a span, by the index in the list */
export async function countActions<Action extends string>(
  em: EntityManager,
  spans: readonly Span[],
  actions: readonly Action[],
): Promise<(span: number, action: Action) => number> {
  const rows = await em.execute<{ span: number; action: Action; count: number }[]>(
    `select s.ordinality::int as span, a.action, ${boundedCount(`audit_entries e
       where e.action = a.action and e.id >= (s.value->>'fromId')::uuid and e.id < (s.value->>'toId')::uuid`)} as count
     from jsonb_array_elements(:spans::jsonb) with ordinality s, jsonb_array_elements_text(:actions::jsonb) a (action)`,
    { spans: JSON.stringify(spans), actions: JSON.stringify(actions) },
  );
  const counts = new Map(rows.map(({ span, action, count }) => [`${span} ${action}`, count]));
  return (span, action) => counts.get(`${span + 1} ${action}`) ?? 0;
}
