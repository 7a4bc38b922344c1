/**
 * Limits the failed sign-ins of one source, and the number of accounts at which it fails. An IPv6 address counts twice:
 * for its /64, and for the /48 around it, because one customer may own a /48 and with it 65,536 sources.
 */
import { failAttempt, findStandings, type Standing } from '../../persistence/attempts/attempts.ts';
import type { Limit } from '../../persistence/attempts/counter.ts';
import { type Reservation, reserveAttempt } from '../../persistence/attempts/reserve-attempts.ts';
import { Refusal, secondsUntil } from '../errors.ts';
import { isWithin, networkOfSource, networkTimes, sourceOf } from '../source.ts';
import type { Transaction } from '../transaction.ts';
import { counterOf, hour, quarterHour } from './counters.ts';
import type { AttemptDeps } from './deps.ts';

const failureLimit: Limit = { max: 20, windowSeconds: quarterHour, totalMax: null };
/** The number of accounts at which one source may fail, however few attempts each takes. */
const spreadLimit: Limit = { max: 30, windowSeconds: hour, totalMax: null };
const pairLimit: Limit = { max: 1, windowSeconds: hour, totalMax: null };

/** A /64 or an IPv4 address, or a /48. */
export interface LimitedNetwork {
  name: string;
  /** The factor on the limits of one source. */
  times: number;
  /** Its failed and pending attempts. A sign-in that succeeds releases its attempt. */
  source: Reservation;
  /** The accounts at which it failed. */
  spread: Reservation;
}

/** @returns the networks that the attempt counts for, the narrow one first; none for a source on the allow-list */
export function limitedNetworks(deps: AttemptDeps, ipAddress: string | null): LimitedNetwork[] {
  if (isWithin(ipAddress, deps.settings.rateLimitAllowlist)) return [];
  const source = limitedNetwork(deps, sourceOf(ipAddress), 1);
  const network = networkOfSource(ipAddress);
  return network === null ? [source] : [source, limitedNetwork(deps, network, networkTimes)];
}

/** @param times the factor on the limits of one source */
function limitedNetwork(deps: AttemptDeps, name: string, times: number): LimitedNetwork {
  return {
    name,
    times,
    source: { counter: counterOf(deps, 'source', name), limit: widened(failureLimit, times) },
    spread: { counter: counterOf(deps, 'spread', name), limit: widened(spreadLimit, times) },
  };
}

/** @throws Refusal RATE_LIMITED */
export function assertSourceAllowed(standing: Standing | null, { max }: Limit, now: Date): void {
  if (!standing || standing.failures < max) return;
  throw new Refusal('RATE_LIMITED', { retryAfterSeconds: secondsUntil(standing.windowEndsAt, now) });
}

/** Whether the accounts at which a source failed are a third of what it may have: 10 of 30. */
export function isSpreadOut(standing: Standing | null, { max }: Limit): boolean {
  return standing !== null && standing.failures * 3 >= max;
}

/** Whether the source has failed to sign in at many accounts within the hour. */
export async function failsAtManyAccounts(deps: AttemptDeps, ipAddress: string | null): Promise<boolean> {
  const spreads = limitedNetworks(deps, ipAddress).map(({ spread }) => spread);
  if (spreads.length === 0) return false;
  const counters = spreads.map(({ counter }) => counter);
  const standings = await findStandings(deps.em, counters, deps.clock.now());
  return spreads.some(({ limit }, index) => isSpreadOut(standings[index] ?? null, limit));
}

/** Counts the failure, and the account when the source has not failed at it before. */
export async function failSource(
  deps: AttemptDeps,
  transaction: Transaction,
  networks: readonly LimitedNetwork[],
  email: string,
): Promise<void> {
  // The narrow network before the wide one: transactions that lock in one order do not deadlock.
  for (const { name, source, spread } of networks) {
    await failAttempt(transaction.tx, source.counter);
    const pair = { counter: counterOf(deps, 'pair', name, email), limit: pairLimit };
    if (await countFailure(transaction, pair)) await countFailure(transaction, spread);
  }
}

/** @returns whether the limit allowed to count it */
async function countFailure({ tx, now }: Transaction, { counter, limit }: Reservation): Promise<boolean> {
  if (!(await reserveAttempt(tx, counter, limit, now))) return false;
  await failAttempt(tx, counter);
  return true;
}

function widened(limit: Limit, times: number): Limit {
  return { ...limit, max: limit.max * times };
}
