/** Statements of the delivery worker: it claims due deliveries (instances share the work) and records the results. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { boundedCount, maxCount } from '../bounded-count.ts';
import { query } from '../statement.ts';
import type { DeliveryStatus } from './webhook-delivery.ts';

export interface ClaimedDelivery {
  id: string;
  webhookId: string;
  eventId: string;
  bodySealed: Buffer;
  /** This one included. */
  attempt: number;
  url: string;
  secretSealed: Buffer;
  formerSecretSealed: Buffer | null;
  rotatingUntil: Date | null;
}

export interface DeliveryClaim {
  now: Date;
  leaseUntil: Date;
  /** The attempts that this instance is making, by webhook. */
  running: ReadonlyMap<string, number>;
  /** Attempts at once for one webhook, and for all. */
  maxForOne: number;
  free: number;
}

/**
 * Each webhook gives a few of its due deliveries, so that a slow endpoint delays only its own. The lease of a dead instance
 * expires. SKIP LOCKED keeps parallel claims apart.
 */
const claimStatement = {
  name: 'claim_deliveries',
  text: `with running as (
      select * from unnest($3::uuid[], $4::int[]) as running (webhook_id, attempts)
    ), due as (
      select d.id, row_number() over (partition by w.id order by d.next_attempt_at) as place
      from webhooks w
      left join running on running.webhook_id = w.id
      cross join lateral (
        select id, next_attempt_at from webhook_deliveries
        where webhook_id = w.id and status in ('PENDING', 'FAILED') and next_attempt_at <= $1
          and (lease_until is null or lease_until <= $1)
        order by next_attempt_at limit greatest(0, $5::int - coalesce(running.attempts, 0))
        for update skip locked) d
      where w.enabled
    ), chosen as (
      select id from due order by place limit $6
    )
    update webhook_deliveries d set attempt = attempt + 1, lease_until = $2
    from chosen, webhooks w
    where d.id = chosen.id and w.id = d.webhook_id
    returning d.id, d.webhook_id as "webhookId", d.event_id as "eventId", d.body_sealed as "bodySealed", d.attempt, w.url,
      w.secret_sealed as "secretSealed", w.former_secret_sealed as "formerSecretSealed", w.rotating_until as "rotatingUntil"`,
};

type ClaimedRow = Omit<ClaimedDelivery, 'rotatingUntil'> & { rotatingUntil: string | null };

export async function claimDeliveries(
  em: EntityManager,
  { now, leaseUntil, running, maxForOne, free }: DeliveryClaim,
): Promise<ClaimedDelivery[]> {
  const [ids, attempts] = [[...running.keys()], [...running.values()]];
  const rows = await query<ClaimedRow>(em, claimStatement, [now, leaseUntil, ids, attempts, maxForOne, free]);
  return rows.map((row) => ({
    ...row,
    rotatingUntil: row.rotatingUntil === null ? null : new Date(row.rotatingUntil),
  }));
}

export interface AttemptResult {
  id: string;
  attempt: number;
  status: Exclude<DeliveryStatus, 'PENDING'>;
  responseStatus: number | null;
  excerptSealed: Buffer;
  durationMs: number;
  finishedAt: Date | null;
  nextAttemptAt: Date | null;
}

/** A delivery that was given up meanwhile stays so, unless the attempt succeeded. */
const resultStatement = {
  name: 'record_delivery',
  text: `update webhook_deliveries
    set status = $3, response_status = $4, response_excerpt_sealed = $5, duration_ms = $6, finished_at = $7,
        next_attempt_at = $8, lease_until = null
    where id = $1 and attempt = $2 and ($3 = 'DELIVERED' or status in ('PENDING', 'FAILED'))`,
};

export async function recordResult(em: EntityManager, result: AttemptResult): Promise<void> {
  const { id, attempt, status, responseStatus, excerptSealed, durationMs, finishedAt, nextAttemptAt } = result;
  const values = [id, attempt, status, responseStatus, excerptSealed, durationMs, finishedAt, nextAttemptAt];
  await query(em, resultStatement, values);
}

/** Gives up the deliveries of a webhook that wait. */
export async function abandonWaiting(tx: EntityManager, webhookId: string, now: Date): Promise<void> {
  await tx.execute(
    `update webhook_deliveries set status = 'ABANDONED', finished_at = ?, next_attempt_at = null
     where webhook_id = ? and status in ('PENDING', 'FAILED')`,
    [now, webhookId],
  );
}

/** Gives up the oldest deliveries of a webhook beyond a number of waiting ones. @returns how many */
export async function abandonBeyond(
  tx: EntityManager,
  { webhookId, max, now }: { webhookId: string; max: number; now: Date },
): Promise<number> {
  const rows = await tx.execute<{ id: string }[]>(
    `update webhook_deliveries set status = 'ABANDONED', finished_at = ?, next_attempt_at = null
     where id in (
       select id from webhook_deliveries where webhook_id = ? and status in ('PENDING', 'FAILED')
       order by created_at desc, id desc offset ? for update skip locked)
     returning id`,
    [now, webhookId, max],
  );
  return rows.length;
}

export async function countWaiting(em: EntityManager, webhookId: string): Promise<number> {
  const [row] = await em.execute<{ count: number }[]>(
    `select ${boundedCount("webhook_deliveries where webhook_id = ? and status in ('PENDING', 'FAILED')")} as count`,
    [webhookId],
  );
  return row?.count ?? 0;
}

/** @returns since when the webhook fails; null: it has no success behind it and no failure, or it was deleted */
export async function noteFailure(em: EntityManager, webhookId: string, now: Date): Promise<Date | null> {
  const [row] = await em.execute<{ since: string }[]>(
    `update webhooks set failing_since = coalesce(failing_since, ?) where id = ? returning failing_since as since`,
    [now, webhookId],
  );
  return row ? new Date(row.since) : null;
}

export async function noteSuccess(em: EntityManager, webhookId: string): Promise<void> {
  await em.execute('update webhooks set failing_since = null where id = ? and failing_since is not null', [webhookId]);
}

/** Deletes the messages about a user, and gives up those that wait: a purge erases the data of the account. */
export async function eraseMessagesAbout(tx: EntityManager, userId: string, now: Date): Promise<void> {
  await tx.execute(
    `update webhook_deliveries set body_sealed = null, response_excerpt_sealed = null, next_attempt_at = null,
       status = case when status in ('PENDING', 'FAILED') then 'ABANDONED' else status end,
       finished_at = coalesce(finished_at, ?)
     where user_id = ? and body_sealed is not null`,
    [now, userId],
  );
}

/** @returns how many messages were deleted */
export async function eraseMessagesBefore(em: EntityManager, before: Date): Promise<number> {
  const batch = 500;
  for (let total = 0; ; ) {
    const rows = await em.execute<{ id: string }[]>(
      `update webhook_deliveries set body_sealed = null, response_excerpt_sealed = null where id in (
         select id from webhook_deliveries where body_sealed is not null and finished_at < ?
         limit ${batch} for update skip locked)
       returning id`,
      [before],
    );
    total += rows.length;
    if (rows.length < batch) return total;
  }
}

export interface DeliveryQueue {
  /** Waiting for their first or next attempt. */
  waiting: number;
  /** How long the oldest due attempt is late, in seconds. */
  lateSeconds: number;
  /** Given up, and not deleted yet. */
  abandoned: number;
}

/** Reads at most `maxCount` deliveries of each webhook, through two partial indexes. */
export async function deliveryQueue(em: EntityManager, now: Date): Promise<DeliveryQueue> {
  const [row] = await em.execute<{ waiting: number; since: string | null; abandoned: number }[]>(
    `select coalesce(sum(queue.waiting), 0)::int as waiting, min(queue.since) as since,
            ${boundedCount("webhook_deliveries where status = 'ABANDONED'")} as abandoned
     from webhooks w cross join lateral (
       select count(*) as waiting, min(next_attempt_at) as since from (
         select next_attempt_at from webhook_deliveries d
         where d.webhook_id = w.id and status in ('PENDING', 'FAILED') order by next_attempt_at limit ${maxCount}) due
     ) queue`,
  );
  const { waiting = 0, since = null, abandoned = 0 } = row ?? {};
  const lateMs = since === null ? 0 : now.getTime() - new Date(since).getTime();
  return { waiting, lateSeconds: Math.max(0, lateMs / 1000), abandoned };
}
