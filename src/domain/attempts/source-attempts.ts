/**
 * Limits the failed sign-ins of one source, and the number of accounts at which it fails. An IPv6 address counts twice:
 * for its /64, and for the /48 around it, because one customer may own a /48 and with it 65,536 sources.
 */
import {
  failAttempt,
  findStanding,
  type Limit,
  reserveAttempt,
  returnAttempt,
} from '../../persistence/attempts/attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Refusal, secondsUntil, spreadSeconds } from '../errors.ts';
import { isWithin, networkOfSource, networkTimes, sourceOf } from '../source.ts';
import type { Transaction } from '../transaction.ts';
import { counterOf, hour, quarterHour } from './counters.ts';
import type { AttemptDeps } from './deps.ts';

const failureLimit: Limit = { max: 20, windowSeconds: quarterHour, totalMax: null };
/** The number of accounts at which one source may fail, however few attempts each takes. */
const spreadLimit: Limit = { max: 30, windowSeconds: hour, totalMax: null };
const pairLimit: Limit = { max: 1, windowSeconds: hour, totalMax: null };

/** A /64 or an IPv4 address, or a /48. */
interface Network {
  name: string;
  /** The factor on the limits of one source. */
  times: number;
}

/** A reserved attempt of a source. A sign-in that succeeds releases it. */
export interface SourceAttempt {
  release(em: EntityManager): Promise<void>;
  /** Counts the failure, and the account when the source has not failed at it before. */
  fail(transaction: Transaction, email: string): Promise<void>;
}

/**
 * @returns null for sources that are not limited
 * @throws Refusal RATE_LIMITED, or SERVICE_BUSY while other attempts of the source are pending
 */
export async function reserveSourceAttempt(deps: AttemptDeps, ipAddress: string | null): Promise<SourceAttempt | null> {
  if (isWithin(ipAddress, deps.settings.rateLimitAllowlist)) return null;
  const reserved: Network[] = [];
  try {
    for (const network of networksOf(ipAddress)) {
      await reserve(deps, network);
      reserved.push(network);
    }
  } catch (error) {
    await release(deps, deps.em, reserved);
    throw error;
  }
  return {
    release: (em) => release(deps, em, reserved),
    async fail(transaction, email) {
      // The narrow network before the wide one: transactions that lock in one order do not deadlock.
      for (const network of reserved) await fail(deps, transaction, network, email);
    },
  };
}

async function reserve(deps: AttemptDeps, { name, times }: Network): Promise<void> {
  const { em, clock } = deps;
  const now = clock.now();
  const spread = await findStanding(em, counterOf(deps, 'spread', name), now);
  if (spread && spread.failures >= spreadLimit.max * times) throw rateLimited(spread.windowEndsAt, now);
  const source = counterOf(deps, 'source', name);
  const limit = widened(failureLimit, times);
  if (await reserveAttempt(em, source, limit, now)) return;
  const standing = await findStanding(em, source, now);
  if (standing && standing.failures >= limit.max) throw rateLimited(standing.windowEndsAt, now);
  // Full of pending attempts: many users of one office sign in at once.
  throw new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
}

async function release(deps: AttemptDeps, em: EntityManager, networks: readonly Network[]): Promise<void> {
  for (const { name } of networks) await returnAttempt(em, counterOf(deps, 'source', name));
}

async function fail(deps: AttemptDeps, transaction: Transaction, { name, times }: Network, email: string) {
  await failAttempt(transaction.tx, counterOf(deps, 'source', name));
  const isNew = await countFailure(transaction, deps, ['pair', name, email], pairLimit);
  if (isNew) await countFailure(transaction, deps, ['spread', name], widened(spreadLimit, times));
}

/** @returns whether the limit allowed to count it */
async function countFailure(
  { tx, now }: Transaction,
  deps: AttemptDeps,
  [bucket, ...key]: readonly [string, ...string[]],
  limit: Limit,
): Promise<boolean> {
  const counter = counterOf(deps, bucket, ...key);
  if (!(await reserveAttempt(tx, counter, limit, now))) return false;
  await failAttempt(tx, counter);
  return true;
}

function networksOf(ipAddress: string | null): Network[] {
  const network = networkOfSource(ipAddress);
  const source = { name: sourceOf(ipAddress), times: 1 };
  return network === null ? [source] : [source, { name: network, times: networkTimes }];
}

function widened(limit: Limit, times: number): Limit {
  return { ...limit, max: limit.max * times };
}

function rateLimited(windowEndsAt: Date, now: Date): Refusal {
  return new Refusal('RATE_LIMITED', { retryAfterSeconds: secondsUntil(windowEndsAt, now) });
}
