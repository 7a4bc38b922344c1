/**
 * Reads the events that became visible after a snapshot of PostgreSQL: each event once, as soon as its transaction has
 * committed. A cursor of ids would lose events, because a transaction may commit long after it took its ids.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import type { StoredEventType } from './stored-event.ts';

export interface ReadEvent {
  id: string;
  /** A newer version may have written a type that this one does not know. */
  type: StoredEventType;
  /** PostgreSQL's text: `new Date(text)` reads it. */
  occurredAt: string;
  userId: string | null;
  sessionId: string | null;
  actorId: string | null;
  auditEntryId: string | null;
  data: Record<string, unknown>;
}

/** What a reader has read: everything that was visible in this snapshot of this cluster. */
export interface TailPosition {
  clusterId: string;
  /** Text of `pg_snapshot`: `xmin:xmax:` and the transactions between them that were in progress. */
  snapshot: string;
}

const cluster = '(select system_identifier::text from pg_control_system()) as "clusterId"';

const positionStatement = {
  name: 'event_position',
  text: `select ${cluster}, pg_current_snapshot()::text as snapshot`,
};

export async function readPosition(em: EntityManager): Promise<TailPosition> {
  const [position] = await query<TailPosition>(em, positionStatement, []);
  if (!position) throw new Error('the server gave no snapshot');
  return position;
}

/** The columns of an ReadEvent, from an event `e`. */
export const eventColumns = `e.id, e.type, e.occurred_at as "occurredAt", e.user_id as "userId", e.session_id as "sessionId",
  e.actor_id as "actorId", e.audit_entry_id as "auditEntryId", e.data`;

/**
 * The events of transactions that began after the snapshot `$1`, and of those that were in progress in it. Both parts
 * are ranges of one index. Events of a restored dump can have numbers that this cluster has yet to reach: they are not new.
 * @param condition of further restrictions on an event `e`
 */
export function visibleSince(columns: string, condition: string): string {
  return `select ${columns}, e.xact from events e
    where e.xact >= pg_snapshot_xmax($1::pg_snapshot) and e.xact < pg_snapshot_xmax(pg_current_snapshot()) and ${condition}
    union all
    select ${columns}, e.xact from events e
    where e.xact = any(array(select pg_snapshot_xip($1::pg_snapshot))) and ${condition}`;
}

const tailStatement = {
  name: 'event_tail',
  text: `select ${cluster}, s.snapshot::text as snapshot, n.*
    from (select pg_current_snapshot() as snapshot) s
    left join (${visibleSince(eventColumns, 'e.occurred_at > $2')}) n on true
    order by n.xact, n.id`,
};

type TailRow = TailPosition & { [Column in keyof ReadEvent]: ReadEvent[Column] | null };

export interface TailRead {
  position: TailPosition;
  events: ReadEvent[];
}

/** @param since older events are omitted */
export async function readTail(em: EntityManager, snapshot: string, since: Date): Promise<TailRead> {
  const rows = await query<TailRow>(em, tailStatement, [snapshot, since]);
  const [first] = rows;
  if (!first) throw new Error('the server gave no snapshot');
  const { clusterId, snapshot: next } = first;
  return { position: { clusterId, snapshot: next }, events: rows.filter(isEvent) };
}

/** Without events, the statement has one row with the position alone. */
function isEvent(row: TailRow): row is TailPosition & ReadEvent {
  return row.id !== null;
}

const recentStatement = {
  name: 'recent_events',
  text: `select ${eventColumns} from events e where e.occurred_at > $1 order by e.xact, e.id`,
};

export function readRecentEvents(em: EntityManager, since: Date): Promise<ReadEvent[]> {
  return query<ReadEvent>(em, recentStatement, [since]);
}
