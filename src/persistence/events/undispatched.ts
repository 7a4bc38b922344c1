/** The events that no delivery has been made of. Workers share them; they hold no cursor, so that none is skipped. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount } from '../bounded-count.ts';
import type { StoredEventType } from './stored-event.ts';

export interface ClaimedEvent {
  id: string;
  type: StoredEventType;
  occurredAt: Date;
  userId: string | null;
  sessionId: string | null;
  actorId: string | null;
  data: Record<string, unknown>;
}

/**
 * Locks the oldest events until the transaction ends.
 * @param types those that this version knows: a newer version, which runs during an upgrade, takes the others
 */
export async function claimEvents(
  tx: EntityManager,
  { types, limit }: { types: readonly StoredEventType[]; limit: number },
): Promise<ClaimedEvent[]> {
  const rows = await tx.execute<(Omit<ClaimedEvent, 'occurredAt'> & { occurredAt: string })[]>(
    `select id, type, occurred_at as "occurredAt", user_id as "userId", session_id as "sessionId", actor_id as "actorId", data
     from events where dispatched_at is null and type in (?) order by xact, id limit ? for update skip locked`,
    [[...types], limit],
  );
  return rows.map((row) => ({ ...row, occurredAt: new Date(row.occurredAt) }));
}

/** One statement, for the rounds in which nothing happened. */
export async function hasUndispatched(em: EntityManager): Promise<boolean> {
  const [row] = await em.execute<{ found: boolean }[]>(
    'select exists(select from events where dispatched_at is null) as found',
  );
  return row?.found ?? false;
}

export async function markDispatched(tx: EntityManager, ids: readonly string[], now: Date): Promise<void> {
  await tx.execute('update events set dispatched_at = ? where id in (?)', [now, [...ids]]);
}

export async function readUndispatched(em: EntityManager): Promise<{ count: number; oldest: Date | null }> {
  const [row] = await em.execute<{ count: number; oldest: string | null }[]>(
    `select ${boundedCount('events where dispatched_at is null')} as count,
            (select occurred_at from events where dispatched_at is null order by xact, id limit 1) as oldest`,
  );
  return { count: row?.count ?? 0, oldest: row?.oldest ? new Date(row.oldest) : null };
}
