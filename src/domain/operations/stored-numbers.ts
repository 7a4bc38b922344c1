/** The numbers of the database that are watched from outside (metrics/stored.ts): how far the work behind requests has come. */
import type { StoredNumbers } from '../../metrics/stored.ts';
import { readSealingLag } from '../../persistence/audit/audit-chain.ts';
import { ping } from '../../persistence/connection/database-state.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { readUndispatched } from '../../persistence/events/undispatched.ts';
import { mailQueue } from '../../persistence/mail/outbox.ts';
import { readCounts } from '../../persistence/operations/counts.ts';
import { countPartitions, findGaps } from '../../persistence/partitions/partition-list.ts';
import { readBudget } from '../../persistence/sms/budgets.ts';
import { readSmsQueue } from '../../persistence/sms/queue.ts';
import { deliveryQueue } from '../../persistence/webhooks/deliveries.ts';
import { type Clock, secondsAfter } from '../clock.ts';
import { totalBudget } from '../factors/sms/budgets.ts';
import type { SigningKeys } from '../sessions/signing-keys/signing-keys.ts';
import type { DomainSettings } from '../settings.ts';

export interface StoredNumberSources {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  clock: Clock;
  signingKeys: Pick<SigningKeys, 'rotation'>;
  settings: Pick<DomainSettings, 'sms'>;
}

const countEverySeconds = 60;
/** A rotation waits for the job that runs every minute, and for verifiers that have not read the next key. */
const rotationSlackSeconds = 3600;
/** A week for the operator to find out why no partitions are created. */
const partitionsAheadSeconds = 7 * 86_400;

/** @returns what reads them for a scrape. Each is read by itself: one that fails leaves its own numbers out. */
export function createStoredNumbers({
  fork,
  clock,
  signingKeys,
  settings,
}: StoredNumberSources): () => Promise<StoredNumbers> {
  const counts = atMostEvery(countEverySeconds, (now) => readCounts(fork(), now));
  return async () => {
    const [em, now] = [fork(), clock.now()];
    const reads = [
      readMails(em, now),
      readSms(em, settings, now),
      readAudit(em, now),
      readEvents(em, now),
      readDeliveries(em, now),
      readKeys(signingKeys, now),
      readPartitions(em, now),
      counts(now),
    ];
    const [up, ...results] = await Promise.allSettled([ping(em), ...reads]);
    // The last counts are still known, but they describe another state.
    if (up.status === 'rejected') return { databaseUp: 0 };
    const numbers: StoredNumbers = { databaseUp: 1 };
    for (const result of results) if (result.status === 'fulfilled') Object.assign(numbers, result.value);
    return numbers;
  };
}

/** Counts that take long are read rarely, however often the metrics are read; a failed read is not repeated sooner. */
function atMostEvery<T>(seconds: number, read: (now: Date) => Promise<T>): (now: Date) => Promise<T> {
  let last: { result: Promise<T>; until: Date } | null = null;
  return (now) => {
    if (last === null || last.until <= now) last = { result: read(now), until: secondsAfter(now, seconds) };
    return last.result;
  };
}

async function readMails(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const { pending, dead, oldestWaitingSeconds } = await mailQueue(em, now);
  return { mailsPending: pending, mailsDead: dead, oldestMailSeconds: oldestWaitingSeconds ?? 0 };
}

async function readEvents(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const { count, oldest } = await readUndispatched(em);
  return { eventsUndispatched: count, oldestEventSeconds: oldest ? secondsSince(oldest, now) : 0 };
}

async function readDeliveries(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const { waiting, lateSeconds, abandoned } = await deliveryQueue(em, now);
  return { deliveriesWaiting: waiting, deliveriesLateSeconds: lateSeconds, deliveriesAbandoned: abandoned };
}

/** Without SMS_PROVIDER there is nothing to watch. */
async function readSms(em: EntityManager, { sms }: Pick<DomainSettings, 'sms'>, now: Date): Promise<StoredNumbers> {
  if (sms === null) return {};
  const { pending, dead, oldestWaitingSeconds } = await readSmsQueue(em, now);
  const budget = totalBudget(sms, now);
  const smsBudgetUsed = (await readBudget(em, budget)) / budget.max;
  return { smsPending: pending, smsDead: dead, oldestSmsSeconds: oldestWaitingSeconds ?? 0, smsBudgetUsed };
}

async function readAudit(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const { waiting, oldest } = await readSealingLag(em);
  return { auditEntriesUnsealed: waiting, auditSealingLagSeconds: oldest ? secondsSince(oldest, now) : 0 };
}

function secondsSince(time: Date, now: Date): number {
  return Math.max(0, (now.getTime() - time.getTime()) / 1000);
}

async function readPartitions(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const missing = await findGaps(em, secondsAfter(now, partitionsAheadSeconds));
  return { partitions: await countPartitions(em), partitionsMissing: missing.length };
}

async function readKeys(signingKeys: Pick<SigningKeys, 'rotation'>, now: Date): Promise<StoredNumbers> {
  const { ageSeconds, overdueSeconds } = await signingKeys.rotation(now);
  const signingKeyRotationOverdue = overdueSeconds > rotationSlackSeconds ? 1 : 0;
  return { signingKeyAgeSeconds: Math.max(0, ageSeconds), signingKeyRotationOverdue };
}
