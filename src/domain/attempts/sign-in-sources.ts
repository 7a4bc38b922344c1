/**
 * How often one source may fail to sign in, and at how many accounts. An IPv6 address counts twice: for its /64, and for
 * the /48 around it, because one customer may own a /48 and with it 65,536 sources.
 */

import {
  type Counter,
  failAttempt,
  findStanding,
  giveBackAttempt,
  type Limit,
  reserveAttempt,
} from '../../persistence/attempts/attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { Refusal, secondsUntil, spreadSeconds } from '../errors.ts';
import { isWithin, networkOfSource, networkTimes, sourceOf } from '../source.ts';
import type { AttemptDeps } from './deps.ts';

const hour = 60 * 60;

const failureLimit: Limit = { max: 20, windowSeconds: hour / 4, totalMax: null };
/** How many accounts one source may fail at, however few attempts each. */
const spreadLimit: Limit = { max: 30, windowSeconds: hour, totalMax: null };
const pairLimit: Limit = { max: 1, windowSeconds: hour, totalMax: null };

/** A /64 or an IPv4 address, or a /48. */
interface Place {
  name: string;
  /** How many times the limits of one source it has. */
  times: number;
}

/** A source whose place is reserved. */
export interface Source {
  giveBack(): Promise<void>;
  /** Counts the failure, and the account when the source has not failed at it before. */
  fail(tx: EntityManager, email: string, now: Date): Promise<void>;
}

export class SignInSources {
  readonly #deps: AttemptDeps;

  constructor(deps: AttemptDeps) {
    this.#deps = deps;
  }

  /**
   * @returns null where sources are not limited
   * @throws Refusal RATE_LIMITED, or SERVICE_BUSY while other attempts of the source are being judged
   */
  async enter(ipAddress: string | null): Promise<Source | null> {
    if (isWithin(ipAddress, this.#deps.settings.rateLimitAllowlist)) return null;
    const entered: Place[] = [];
    try {
      for (const place of placesOf(ipAddress)) {
        await this.#enter(place);
        entered.push(place);
      }
    } catch (error) {
      await this.#giveBack(entered);
      throw error;
    }
    return {
      giveBack: () => this.#giveBack(entered),
      fail: async (tx, email, now) => {
        // The narrow place before the wide one: transactions that lock in one order do not deadlock.
        for (const place of entered) await this.#fail(tx, place, email, now);
      },
    };
  }

  async #enter({ name, times }: Place): Promise<void> {
    const { em, clock } = this.#deps;
    const now = clock.now();
    const spread = await findStanding(em, this.#counter('spread', name), now);
    if (spread && spread.failures >= spreadLimit.max * times) throw rateLimited(spread.windowEndsAt, now);
    const source = this.#counter('source', name);
    const limit = widened(failureLimit, times);
    if (await reserveAttempt(em, source, limit, now)) return;
    const standing = await findStanding(em, source, now);
    if (standing && standing.failures >= limit.max) throw rateLimited(standing.windowEndsAt, now);
    // Full, but not of failures: many people of one office sign in at once.
    throw new Refusal('SERVICE_BUSY', { retryAfterSeconds: spreadSeconds() });
  }

  async #giveBack(places: readonly Place[]): Promise<void> {
    for (const { name } of places) await giveBackAttempt(this.#deps.em, this.#counter('source', name));
  }

  async #fail(tx: EntityManager, { name, times }: Place, email: string, now: Date): Promise<void> {
    await failAttempt(tx, this.#counter('source', name));
    const isNew = await countFailure(tx, this.#counter('pair', name, email), pairLimit, now);
    if (isNew) await countFailure(tx, this.#counter('spread', name), widened(spreadLimit, times), now);
  }

  #counter(bucket: string, ...key: readonly string[]): Counter {
    return { bucket, key: keyedHash(this.#deps.keyRing, bucket, ...key) };
  }
}

function placesOf(ipAddress: string | null): Place[] {
  const network = networkOfSource(ipAddress);
  const source = { name: sourceOf(ipAddress), times: 1 };
  return network === null ? [source] : [source, { name: network, times: networkTimes }];
}

function widened(limit: Limit, times: number): Limit {
  return { ...limit, max: limit.max * times };
}

/** @returns whether there was room to count it */
async function countFailure(tx: EntityManager, counter: Counter, limit: Limit, now: Date): Promise<boolean> {
  if (!(await reserveAttempt(tx, counter, limit, now))) return false;
  await failAttempt(tx, counter);
  return true;
}

function rateLimited(windowEndsAt: Date, now: Date): Refusal {
  return new Refusal('RATE_LIMITED', { retryAfterSeconds: secondsUntil(windowEndsAt, now) });
}
