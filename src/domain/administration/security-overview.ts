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

/** The time of the counted activity. */
export interface Period {
  /** null: a day ago. */
  since: Date | null;
  /** null: now. */
  until: Date | null;
}

/**
 * Sealing counts entries by five minutes and by hours, so activity begins and ends at such a time, or ends now.
 * @throws Refusal BAD_USER_INPUT for a time that is more than 31 days ago, and for an end before the start
 */
export async function readSecurityOverview({ em, clock }: Unit, period: Period): Promise<SecurityOverview> {
  const now = clock.now();
  const grid = gridOf(checked(period, now), now);
  const activity = await readActivity(em.fork(), grid, now);
  return {
    ...(await readCurrentState(em.fork(), now)),
    since: grid.from,
    activity,
    total: activity.reduce(sum, { from: grid.from, to: grid.to, ...none }),
    mailQueue: await mailQueue(em.fork(), now),
  };
}

function checked({ since, until }: Period, now: Date): { since: Date; until: Date } {
  const start = since ?? secondsAfter(now, -day);
  const end = until ?? now;
  if (start >= now || start < secondsAfter(now, -longestSeconds))
    throw outOfRange('since', 'Enter a time within the last 31 days.');
  if (end <= start) throw outOfRange('until', 'Enter a time after `since`.');
  return { since: start, until: end < now ? end : now };
}

function outOfRange(path: string, message: string): Refusal {
  return new Refusal('BAD_USER_INPUT', { fields: [{ path, code: 'OUT_OF_RANGE', message }] });
}

/** Intervals of `length` seconds, whose counts are stored by `unit` seconds. */
interface Grid {
  from: Date;
  to: Date;
  length: number;
  unit: number;
}

function gridOf({ since, until }: { since: Date; until: Date }, now: Date): Grid {
  const fine = gridBy(5 * 60, since, until, now);
  return fine.length < hour ? fine : gridBy(hour, since, until, now);
}

function gridBy(unit: number, since: Date, until: Date, now: Date): Grid {
  const from = floorTo(since, unit);
  const to = until < now ? floorTo(until, unit) : now;
  return { from, to, unit, length: lengthOf(from, to) };
}

function floorTo(time: Date, seconds: number): Date {
  return new Date(Math.floor(time.getTime() / 1000 / seconds) * seconds * 1000);
}

function lengthOf(from: Date, to: Date): number {
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return spanSeconds.find((span) => seconds / span < maxSpans) ?? day;
}

async function readActivity(em: EntityManager, grid: Grid, now: Date): Promise<Activity[]> {
  const { from, length } = grid;
  // A period that ends now ends one millisecond later, to include entries of this millisecond.
  const end = grid.to < now ? grid.to : new Date(now.getTime() + 1);
  const counts = await readActivityCounts(em, { ...grid, to: end }, countedActions);
  const spans = Math.ceil((end.getTime() - from.getTime()) / 1000 / length);
  return Array.from({ length: spans }, (_, index) => {
    const to = secondsAfter(from, (index + 1) * length);
    return { from: secondsAfter(from, index * length), to: to < end ? to : end, ...(counts.get(index) ?? none) };
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
