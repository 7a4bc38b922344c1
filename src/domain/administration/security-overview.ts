/** Counts sign-ins, failures, locks, registrations and waiting mails for the security dashboard. */
import { countActions, type Present, readCurrentState } from '../../persistence/administration/security-overview.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { type MailQueue, mailQueue } from '../../persistence/mail/outbox.ts';
import type { AuditAction } from '../audit/actions.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { firstIdOf } from '../ids.ts';
import type { Unit } from '../transaction.ts';

const day = 24 * 60 * 60;
const longestSeconds = 31 * day;
/** Activity is counted in spans of the shortest of these lengths that makes at most `maxSpans`. */
const spanSeconds = [5 * 60, 15 * 60, 60 * 60, 3 * 60 * 60, 6 * 60 * 60, day];
const maxSpans = 48;

/** Rejected passwords, codes and passkeys. */
const failures = ['login.refused', 'mfa.code_refused', 'passkey.refused'] as const satisfies readonly AuditAction[];

const countedActions = [
  ...failures,
  'session.started',
  'account.locked',
  'token.reuse_detected',
  'user.created',
] as const satisfies readonly AuditAction[];

const none = { signIns: 0, signInFailures: 0, locks: 0, tokenReuses: 0, registrations: 0 };

export interface Activity {
  from: Date;
  to: Date;
  signIns: number;
  signInFailures: number;
  locks: number;
  tokenReuses: number;
  registrations: number;
}

export interface SecurityOverview extends Present {
  since: Date;
  /** The sum of all spans. */
  total: Activity;
  activity: Activity[];
  mailQueue: MailQueue;
}

/** @param since null: a day ago @throws Refusal BAD_USER_INPUT for a time that is more than 31 days ago */
export async function readSecurityOverview({ em, clock }: Unit, since: Date | null): Promise<SecurityOverview> {
  const now = clock.now();
  const from = since ?? secondsAfter(now, -day);
  if (from >= now || from < secondsAfter(now, -longestSeconds)) {
    const message = 'Enter a time within the last 31 days.';
    throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'since', code: 'OUT_OF_RANGE', message }] });
  }
  const activity = await readActivity(em.fork(), from, now);
  return {
    ...(await readCurrentState(em.fork(), now)),
    since: from,
    activity,
    total: activity.reduce(sum, { from, to: now, ...none }),
    mailQueue: await mailQueue(em.fork(), now),
  };
}

async function readActivity(em: EntityManager, from: Date, now: Date): Promise<Activity[]> {
  const spans = cut(from, now);
  const ids = spans.map((span) => ({ fromId: firstIdOf(span.from), toId: firstIdOf(span.to) }));
  const countOf = await countActions(em, ids, countedActions);
  return spans.map((span, index) => ({
    ...span,
    signIns: countOf(index, 'session.started'),
    signInFailures: failures.reduce((all, action) => all + countOf(index, action), 0),
    locks: countOf(index, 'account.locked'),
    tokenReuses: countOf(index, 'token.reuse_detected'),
    registrations: countOf(index, 'user.created'),
  }));
}

/** The last span ends one millisecond after now, to include entries of this millisecond. */
function cut(from: Date, now: Date): { from: Date; to: Date }[] {
  const seconds = (now.getTime() - from.getTime()) / 1000;
  const length = spanSeconds.find((span) => seconds / span <= maxSpans) ?? day;
  const end = new Date(now.getTime() + 1);
  return Array.from({ length: Math.ceil(seconds / length) }, (_, index) => {
    const to = secondsAfter(from, (index + 1) * length);
    return { from: secondsAfter(from, index * length), to: to < now ? to : end };
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
