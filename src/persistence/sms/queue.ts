/** Statements of the worker that sends messages: it claims due ones (instances share the work) and records the results. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount, maxCount } from '../bounded-count.ts';

export interface ClaimedSms {
  id: string;
  contentSealed: Buffer;
  /** This one included. */
  attempts: number;
  createdAt: Date;
}

/**
 * Claims due messages by moving their next attempt into the future: the claim of a dead worker expires.
 * SKIP LOCKED keeps parallel workers apart.
 */
export async function claimDueSms(
  em: EntityManager,
  claim: { now: Date; until: Date; limit: number },
): Promise<ClaimedSms[]> {
  const rows = await em.execute<(Omit<ClaimedSms, 'createdAt'> & { createdAt: string })[]>(
    `update sms_messages set next_attempt_at = :until, attempts = attempts + 1
     where id in (
       select id from sms_messages where state = 'pending' and next_attempt_at <= :now
       order by next_attempt_at limit :limit for update skip locked)
     returning id, content_sealed as "contentSealed", attempts, created_at as "createdAt"`,
    claim,
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
}

/** Marks a message as accepted by the service, and deletes its content. */
export async function markSmsSent(em: EntityManager, id: string, now: Date): Promise<void> {
  await em.execute(
    `update sms_messages set state = 'sent', sent_at = ?, content_sealed = null, last_error = null where id = ?`,
    [now, id],
  );
}

/** @param nextAttemptAt null: the message is dead, and its content is deleted */
export async function markSmsFailed(
  em: EntityManager,
  failure: { id: string; error: string; nextAttemptAt: Date | null },
): Promise<void> {
  await em.execute(
    `update sms_messages set last_error = :error, next_attempt_at = coalesce(:nextAttemptAt, next_attempt_at),
       state = case when cast(:nextAttemptAt as timestamptz) is null then 'dead' else state end,
       content_sealed = case when cast(:nextAttemptAt as timestamptz) is null then null else content_sealed end
     where id = :id`,
    failure,
  );
}

export interface SmsQueueState {
  pending: number;
  /** The age of the oldest of them, in whole seconds; null: none is pending. */
  oldestWaitingSeconds: number | null;
  /** Failed permanently, and not deleted yet. */
  dead: number;
}

export async function readSmsQueue(em: EntityManager, now: Date): Promise<SmsQueueState> {
  const [row] = await em.execute<{ pending: number; since: string | null; dead: number }[]>(
    `select count(*)::int as pending, min(created_at) as since,
            ${boundedCount("sms_messages where state = 'dead'")} as dead
     from (select created_at from sms_messages where state = 'pending' order by next_attempt_at limit ${maxCount}) waiting`,
  );
  const { pending = 0, since = null, dead = 0 } = row ?? {};
  const waitedMs = since === null ? null : now.getTime() - new Date(since).getTime();
  return { pending, oldestWaitingSeconds: waitedMs === null ? null : Math.max(0, Math.floor(waitedMs / 1000)), dead };
}
