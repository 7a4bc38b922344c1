/** What the stored messages tell: to one number, to one prefix, and by country. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import { SmsMessage } from './sms-message.ts';

export interface Addressee {
  hashes: readonly Buffer[];
  prefix: string;
  /** The key of the pauses of the prefix. */
  pauseKey: string;
}

export interface SmsHistory {
  /** Messages to the number since then, without those that were withheld. */
  toNumber: number;
  /** The end of the last pause of the prefix, past or future. */
  pausedUntil: Date | null;
  /** Of the last messages to the prefix that were sent since that pause, and are old enough to be judged. */
  judged: number;
  verified: number;
}

export interface HistoryBounds {
  /** The beginning of the time in which messages to one number are counted. */
  numberSince: Date;
  /** Younger messages may still be verified. */
  judgedBefore: Date;
  judgedCount: number;
}

const history = {
  name: 'sms_history',
  text: `with pause as (select max(window_ends_at) as until from sms_counters where key = $3),
    judged as (
      select verified_at from sms_messages, pause
      where prefix = $2 and state = 'sent' and created_at <= $5 and created_at > coalesce(pause.until, '-infinity')
      order by created_at desc limit $6
    )
    select (select count(*)::int from sms_messages
              where phone_hash = any($1::bytea[]) and created_at > $4 and state <> 'withheld') as "toNumber",
      (select until from pause) as "pausedUntil",
      (select count(*)::int from judged) as judged, (select count(verified_at)::int from judged) as verified`,
};

export async function readSmsHistory(
  em: EntityManager,
  { hashes, prefix, pauseKey }: Addressee,
  { numberSince, judgedBefore, judgedCount }: HistoryBounds,
): Promise<SmsHistory> {
  const values = [[...hashes], prefix, pauseKey, numberSince, judgedBefore, judgedCount];
  const [row] = await query<Omit<SmsHistory, 'pausedUntil'> & { pausedUntil: string | null }>(em, history, values);
  if (!row) throw new Error('the history of a number has no row');
  return { ...row, pausedUntil: row.pausedUntil === null ? null : new Date(row.pausedUntil) };
}

/** Records that the code of a message to the number was entered. */
export async function markSmsVerified(
  em: EntityManager,
  verified: { hashes: readonly Buffer[]; since: Date; now: Date },
): Promise<void> {
  await em.execute(
    `update sms_messages set verified_at = :now
     where phone_hash in (:hashes) and created_at > :since and verified_at is null and state <> 'withheld'`,
    { ...verified, hashes: [...verified.hashes] },
  );
}

export interface SmsUsage {
  country: string;
  sent: number;
  verified: number;
  withheld: number;
  failed: number;
}

/** @returns by country, in alphabetical order */
export function readSmsUsage(em: EntityManager, since: Date): Promise<SmsUsage[]> {
  return em.execute<SmsUsage[]>(
    `select country, count(*) filter (where state = 'sent')::int as sent, count(verified_at)::int as verified,
       count(*) filter (where state = 'withheld')::int as withheld, count(*) filter (where state = 'dead')::int as failed
     from sms_messages where created_at > ? group by country order by country`,
    [since],
  );
}

export interface SmsToPerson {
  country: string;
  state: string;
  createdAt: Date;
  sentAt: Date | null;
  verifiedAt: Date | null;
}

/** The messages to these numbers, without their content. @returns newest first */
export async function findSmsTo(
  em: EntityManager,
  hashes: readonly Buffer[],
  since: Date | null,
): Promise<SmsToPerson[]> {
  if (hashes.length === 0) return [];
  const where = { phoneHash: [...hashes], createdAt: { $gte: since ?? new Date(0) } };
  const found = await em.find(SmsMessage, where, { orderBy: { id: 'desc' }, disableIdentityMap: true });
  return found.map(({ country, state, createdAt, sentAt, verifiedAt }) => {
    return { country, state, createdAt, sentAt: sentAt ?? null, verifiedAt: verifiedAt ?? null };
  });
}
