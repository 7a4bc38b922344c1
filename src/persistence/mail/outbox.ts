/** Statements of the outbox worker: it claims due mails (instances share the work) and records the results. */
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
 * Claims due mails by moving their next attempt into the future: the claim of a dead worker expires.
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

/** @returns when the last mail of the kind is due that was not tried yet; null: none waits */
export async function findLastPlannedMail(em: EntityManager, kind: string): Promise<Date | null> {
  const [row] = await em.execute<{ dueAt: string }[]>(
    `select next_attempt_at as "dueAt" from outbox_mails
     where state = 'pending' and kind = ? and attempts = 0 order by next_attempt_at desc limit 1`,
    [kind],
  );
  return row ? new Date(row.dueAt) : null;
}

/** Marks a mail as delivered and deletes its content, which may hold a valid token. */
export async function markSent(em: EntityManager, id: string, now: Date): Promise<void> {
  await em.execute(
    `update outbox_mails set state = 'sent', sent_at = ?, content_sealed = null, last_error = null where id = ?`,
    [now, id],
  );
}

/** Deletes the content of a mail that must not leave. */
export async function markWithheld(em: EntityManager, id: string): Promise<void> {
  await em.execute(`update outbox_mails set state = 'sent', content_sealed = null, last_error = null where id = ?`, [
    id,
  ]);
}

/** @param nextAttemptAt null: the mail is dead, and its content is deleted */
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

/** The error of a mail that is retried, and whether a pending mail is older than a time. */
export async function readQueueProblems(
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
  /** The age of the oldest of them, in whole seconds; null: none is pending. */
  oldestWaitingSeconds: number | null;
  /** Failed permanently, and not deleted yet. */
  dead: number;
}

/**
 * Counts pending and dead mails, through two partial indexes. Of a long queue it reads the mails that are due first: the
 * oldest of them is about as old as the oldest of all.
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
