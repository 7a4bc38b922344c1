/** Revokes sessions by one statement, with their audit entries and events. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuditRow, auditRows } from '../audit/audit-rows.ts';
import { type EventRow, eventRows } from '../events/event-rows.ts';
import { query } from '../statement.ts';
import type { RevocationReason } from './token-family.ts';

/** The users before their sessions, as in every transaction that locks both. */
const statement = {
  name: 'end_sessions',
  text: `with owners as (
      select id from users where id in (select user_id from token_families where id = any($1::uuid[])) order by id for update
    ), ended as (
      update token_families set revoked_at = $2, revoked_reason = $3
      where id = any($1::uuid[]) and user_id in (select id from owners) and revoked_at is null and expires_at > $2
      returning id, user_id
    ), audited as (
      ${auditRows.insert('$4', 'ended')} where r.session_id = ended.id
    ), published as (
      ${eventRows.insert('$5', 'ended', { userId: 'ended.user_id' })} where r.session_id = ended.id
    )
    select id from ended`,
};

/**
 * @param records the entry and the event of each session, written for those that were live with their user
 * @returns how many were live
 */
export async function endSessions(
  em: EntityManager,
  ids: readonly string[],
  reason: RevocationReason,
  records: readonly { entry: AuditRow; event: EventRow | null }[],
  now: Date,
): Promise<number> {
  if (ids.length === 0) return 0;
  const entries = auditRows.valueOf(records.map(({ entry }) => entry));
  const events = eventRows.valueOf(records.flatMap(({ event }) => event ?? []));
  const ended = await query(em, statement, [ids, now, reason, entries, events]);
  return ended.length;
}
