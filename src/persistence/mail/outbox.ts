/** The outbox worker's statements: claiming what is due (instances share the work), and noting how it went. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount, maxCount } from '../bounded-count.ts';

export interface ClaimedMail {
  id: string;
  kind: string;
  contentSealed: Buffer;
  /** This one included. */
  attempts: number;
  createdAt: Date;
}

/**
 * Claims due mails by moving their next attempt into the future: a worker that dies loses its claim by itself.
 * SKIP LOCKED keeps parallel workers apart.
 */
export async function claimDueMails(
  em: EntityManager,
  claim: { now: Date; until: Date; limit: number },
): Promise<ClaimedMail[]> {
  const rows = await em.execute<(Omit<ClaimedMail, 'createdAt'> & { createdAt: string })[]>(
    `update outbox_mails set next_attempt_at = ?, attempts = attempts + 1
     where id in (
       select id from outbox_mails where state = 'pending' and next_attempt_at <= ?
       order by next_attempt_at limit ? for update skip locked)
     returning id, kind, content_sealed as "contentSealed", attempts, created_at as "createdAt"`,
    [claim.until, claim.now, claim.limit],
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
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

/** Counts the mails of some kinds to one address since a time: all of them, and those with one source hash. */
export async function countRecentMails(
  em: EntityManager,
  mails: { recipientHash: Buffer; sourceHash: Buffer | null; kinds: readonly string[]; since: Date },
): Promise<{ all: number; ofSource: number }> {
  const [row] = await em.execute<{ all: number; ofSource: number }[]>(
    `select count(*)::int as "all", count(*) filter (where source_hash = ?)::int as "ofSource"
     from outbox_mails where recipient_hash = ? and kind in (?) and created_at > ?`,
    [mails.sourceHash, mails.recipientHash, [...mails.kinds], mails.since],
  );
  return row ?? { all: 0, ofSource: 0 };
}

/** Why mails are not delivered: the error of a mail that is tried again, and whether one was written before a time. */
export async function readMailTrouble(
  em: EntityManager,
  writtenBefore: Date,
): Promise<{ lastError: string | null; isLate: boolean }> {
  const [row] = await em.execute<{ lastError: string | null; isLate: boolean }[]>(
    `select (select last_error from outbox_mails
             where state = 'pending' and last_error is not null order by next_attempt_at limit 1) as "lastError",
            exists(select from outbox_mails where state = 'pending' and created_at <= ?) as "isLate"`,
    [writtenBefore],
  );
  return row ?? { lastError: null, isLate: false };
}

export interface MailQueue {
  pending: number;
  /** Since the oldest of them was decided on, in whole seconds; null when none waits. */
  oldestWaitingSeconds: number | null;
  /** Given up, and not cleaned up yet. */
  dead: number;
}

/**
 * What waits and what was given up, from two partial indexes. Of a longer queue the mails that are due first are read:
 * the oldest of them has waited about as long as the oldest of all.
 */
export async function mailQueue(em: EntityManager, now: Date): Promise<MailQueue> {
  const [row] = await em.execute<{ pending: number; since: string | null; dead: number }[]>(
    `select count(*)::int as pending, min(created_at) as since,
            ${boundedCount("outbox_mails where state = 'dead'")} as dead
     from (select created_at from outbox_mails where state = 'pending' order by next_attempt_at limit ${maxCount}) waiting`,
  );
  const { pending = 0, since = null, dead = 0 } = row ?? {};
  const waitedMs = since === null ? null : now.getTime() - new Date(since).getTime();
  return { pending, oldestWaitingSeconds: waitedMs === null ? null : Math.max(0, Math.floor(waitedMs / 1000)), dead };
}
