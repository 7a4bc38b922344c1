/**
 * Limits proofs by a known user: the password inside a session, and the codes of the second factor. Counted by account
 * in PostgreSQL, so a new ticket, another session or another instance gives an attacker no further attempts.
 */
import { failAttempt, findStandings, forgetAttempts, lockWhenFull } from '../../persistence/attempts/attempts.ts';
import type { Counter, Limit } from '../../persistence/attempts/counter.ts';
import { reserveAttempt } from '../../persistence/attempts/reserve-attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { knownDevicesOf } from '../../persistence/sessions/known-devices.ts';
import { noActor } from '../audit/record.ts';
import { Refusal, secondsUntil, spreadSeconds } from '../errors.ts';
import type { Transaction } from '../transaction.ts';
import type { ReservedAttempt } from './attempt.ts';
import { counterOf, day, quarterHour } from './counters.ts';
import type { AttemptDeps } from './deps.ts';

export type ProvenBy = 'password' | 'second_factor';

const limit: Limit = { max: 10, windowSeconds: quarterHour, totalMax: null };
/** Doubles with each lock: six digits do not withstand ten attempts every quarter of an hour for a month. */
const lock = { firstSeconds: quarterHour, longestSeconds: day };
const buckets = { password: 'reauth', second_factor: 'mfa' } as const;

interface Proof {
  by: ProvenBy;
  userId: string;
  /** The id of the caller's device, where the account trusts it. */
  trustedDevice?: string | null;
}

/** @throws Refusal TOO_MANY_ATTEMPTS, SERVICE_BUSY while other attempts are pending */
export async function reserveProofAttempt(deps: AttemptDeps, proof: Proof): Promise<ReservedAttempt> {
  const { em, clock } = deps;
  const now = clock.now();
  const counter = counterFor(deps, proof);
  if (!(await reserveAttempt(em, counter, limit, now))) {
    const [standing] = await findStandings(em, [counter], now);
    if (!standing?.lockedUntil) throw new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
    throw new Refusal('TOO_MANY_ATTEMPTS', { retryAfterSeconds: secondsUntil(standing.lockedUntil, now) });
  }
  return {
    trustedDevice: proof.trustedDevice ?? null,
    onSuccess: [{ counter, as: 'reset' }],
    fail: (transaction) => fail(transaction, proof, counter),
  };
}

/**
 * Deletes the counters of the account and of its known devices, when an administrator unlocks the account.
 * @returns whether one of them was locked
 */
export async function forgetProofAttempts(
  deps: Pick<AttemptDeps, 'clock' | 'keyRing'>,
  tx: EntityManager,
  by: ProvenBy,
  userId: string,
): Promise<boolean> {
  let wasLocked = false;
  for (const trustedDevice of [null, ...(await knownDevicesOf(tx, userId))]) {
    const counter = counterFor(deps, { by, userId, trustedDevice });
    if (await forgetAttempts(tx, counter, deps.clock.now())) wasLocked = true;
  }
  return wasLocked;
}

async function fail({ tx, now, audit }: Transaction, { by, userId }: Proof, counter: Counter): Promise<void> {
  await failAttempt(tx, counter);
  const lockedUntil = await lockWhenFull(tx, counter, limit, lock, now);
  if (!lockedUntil) return;
  audit({
    action: 'guesses.stopped',
    outcome: 'DENIED',
    ...noActor,
    target: { type: 'user', id: userId },
    details: { at: by, lockedUntil: lockedUntil.toISOString() },
  });
}

/** A trusted device has a counter of its own: an attacker on another device cannot lock it. */
function counterFor(deps: Pick<AttemptDeps, 'keyRing'>, { by, userId, trustedDevice = null }: Proof): Counter {
  const bucket = buckets[by];
  if (trustedDevice === null) return counterOf(deps, bucket, userId);
  return counterOf(deps, `${bucket}-device`, userId, trustedDevice);
}
