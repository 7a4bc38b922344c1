/** The outbox worker's statements: claiming what is due (instances share the work), and noting how it went. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface ClaimedMail {
  id: string;
  contentSealed: Buffer;
  attempts: number;
}

/**
 * Claims due mails by moving their next attempt into the future: a worker that dies loses its claim by itself.
 * SKIP LOCKED keeps parallel workers apart.
 */
export function claimDueMails(
  em: EntityManager,
  claim: { now: Date; until: Date; limit: number },
): Promise<ClaimedMail[]> {
  return em.execute<ClaimedMail[]>(
    `update outbox_mails set next_attempt_at = ?, attempts = attempts + 1
     where id in (
       select id from outbox_mails where state = 'pending' and next_attempt_at <= ?
       order by next_attempt_at limit ? for update skip locked)
     returning id, content_sealed as "contentSealed", attempts`,
    [claim.until, claim.now, claim.limit],
  );
}

/** Delivered: the content held a live token, so it goes. */
export async function markSent(em: EntityManager, id: string, now: Date): Promise<void> {
  await em.execute(
    `update outbox_mails set state = 'sent', sent_at = ?, content_sealed = null, last_error = null where id = ?`,
    [now, id],
  );
}

/** @param nextAttemptAt null when there will be none: the mail is dead, and its content goes too */
export async function markFailed(
  em: EntityManager,
  failure: { id: string; error: string; nextAttemptAt: Date | null },
): Promise<void> {
  const { id, error, nextAttemptAt } = failure;
  if (nextAttemptAt) {
    await em.execute('update outbox_mails set last_error = ?, next_attempt_at = ? where id = ?', [
      error,
      nextAttemptAt,
      id,
    ]);
  } else {
    await em.execute(`update outbox_mails set state = 'dead', last_error = ?, content_sealed = null where id = ?`, [
      error,
      id,
    ]);
  }
}

/** How many mails of a kind one address was sent since a time. */
export async function countRecentMails(
  em: EntityManager,
  mails: { recipientHash: Buffer; kind: string; since: Date },
): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    'select count(*)::int as count from outbox_mails where recipient_hash = ? and kind = ? and created_at > ?',
    [mails.recipientHash, mails.kind, mails.since],
  );
  return row?.count ?? 0;
}

export interface MailQueue {
  pending: number;
  dead: number;
  /** Null when none waits. */
  oldestWaitingSeconds: number | null;
}

export async function readMailQueue(em: EntityManager, now: Date): Promise<MailQueue> {
  const [row] = await em.execute<{ pending: number; dead: number }[]>(
    `select (select count(*)::int from outbox_mails where state = 'pending') as pending,
            (select count(*)::int from outbox_mails where state = 'dead') as dead`,
  );
  const oldest = await oldestWaitingSeconds(em, now);
  return { pending: row?.pending ?? 0, dead: row?.dead ?? 0, oldestWaitingSeconds: oldest };
}

/** Pending mails whose time has come, in whole seconds of delay of the oldest; null when none waits. */
export async function oldestWaitingSeconds(em: EntityManager, now: Date): Promise<number | null> {
  const [row] = await em.execute<{ since: string | null }[]>(
    `select min(created_at) as since from outbox_mails where state = 'pending'`,
  );
  return row?.since ? Math.max(0, Math.floor((now.getTime() - new Date(row.since).getTime()) / 1000)) : null;
}
