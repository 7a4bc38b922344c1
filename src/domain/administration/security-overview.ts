/** Counts sign-ins, failures, locks, registrations and waiting mails for the security dashboard. */
import { type Present, readCurrentState } from '../../persistence/administration/security-overview.ts';
import { type ActivityCounts, readActivityCounts } from '../../persistence/audit/activity.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type MailQueue, mailQueue } from '../../persistence/mail/outbox.ts';
import { countedActions } from '../audit/activity.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import type { Unit } from '../transaction.ts';

const hour = 60 * 60;
const day = 24 * hour;
const longestSeconds = 31 * day;
/** Activity is counted in spans of the shortest of these lengths that makes at most `maxSpans`. */
const spanSeconds = [5 * 60, 15 * 60, hour, 3 * hour, 6 * hour, day];
const maxSpans = 48;

const none: ActivityCounts = { signIns: 0, signInFailures: 0, locks: 0, tokenReuses: 0, registrations: 0 };

export interface Activity extends ActivityCounts {
  from: Date;
  to: Date;
}

export interface SecurityOverview extends Present {
  since: Date;
  /** The sum of all spans. */
  total: Activity;
  activity: Activity[];
  mailQueue: MailQueue;
}

/**
 * Sealing counts entries by five minutes and by hours, so activity begins at such a time.
 * @param since null: a day ago
 * @throws Refusal BAD_USER_INPUT for a time that is more than 31 days ago
 */
export async function readSecurityOverview({ em, clock }: Unit, since: Date | null): Promise<SecurityOverview> {
  const now = clock.now();
  const requested = since ?? secondsAfter(now, -day);
  if (requested >= now || requested < secondsAfter(now, -longestSeconds)) {
    const message = 'Enter a time within the last 31 days.';
    throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'since', code: 'OUT_OF_RANGE', message }] });
  }
  const grid = gridOf(requested, now);
  const activity = await readActivity(em.fork(), grid, now);
  return {
    ...(await readCurrentState(em.fork(), now)),
    since: grid.from,
    activity,
    total: activity.reduce(sum, { from: grid.from, to: now, ...none }),
    mailQueue: await mailQueue(em.fork(), now),
  };
}

/** Intervals of `length` seconds, whose counts are stored by `unit` seconds. */
interface Grid {
  from: Date;
  length: number;
  unit: number;
}

function gridOf(since: Date, now: Date): Grid {
  const from = floorTo(since, 5 * 60);
  const length = lengthOf(from, now);
  if (length < hour) return { from, length, unit: 5 * 60 };
  const fromHour = floorTo(since, hour);
  return { from: fromHour, length: lengthOf(fromHour, now), unit: hour };
}

function floorTo(time: Date, seconds: number): Date {
  return new Date(Math.floor(time.getTime() / 1000 / seconds) * seconds * 1000);
}

function lengthOf(from: Date, now: Date): number {
  const seconds = (now.getTime() - from.getTime()) / 1000;
  return spanSeconds.find((span) => seconds / span < maxSpans) ?? day;
}

async function readActivity(em: EntityManager, grid: Grid, now: Date): Promise<Activity[]> {
  const counts = await readActivityCounts(em, grid, countedActions);
  const { from, length } = grid;
  // The last interval ends one millisecond after now, to include entries of this millisecond.
  const end = new Date(now.getTime() + 1);
  const last = Math.floor((now.getTime() - from.getTime()) / 1000 / length);
  return Array.from({ length: last + 1 }, (_, index) => {
    const to = secondsAfter(from, (index + 1) * length);
    return { from: secondsAfter(from, index * length), to: to <= now ? to : end, ...(counts.get(index) ?? none) };
  });
}

function sum(total: Activity, span: Activity): Activity {
  return {
    ...total,
    signIns: total.signIns + span.signIns,
    signInFailures: total.signInFailures + span.signInFailures,
    locks: total.locks + span.locks,
    tokenReuses: total.tokenReuses + span.tokenReuses,
    registrations: total.registrations + span.registrations,
  };
}
