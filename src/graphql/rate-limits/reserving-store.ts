/** Counts a call when graphql-rate-limit reads its store. */
import type { Identity, Store } from 'graphql-rate-limit';
import { networkTimes } from '../../domain/source.ts';
import type { LimitName } from '../../ratelimit/limits.ts';
import type { RateLimiter, Standing } from '../../ratelimit/rate-limiter.ts';

/** The key of the limit. */
export interface Subject {
  key: string;
  /** The key of the /48 around an IPv6 source, which has a multiple of the limit. */
  network: string | null;
}

/** @returns the tighter of the two standings; null when the limit is off */
export async function reserve(limiter: RateLimiter, name: LimitName, subject: Subject): Promise<Standing | null> {
  const own = await limiter.consume(name, subject.key);
  if (own === null || own.waitSeconds !== null || subject.network === null) return own;
  const wide = await limiter.consume(name, subject.network, networkTimes);
  return wide !== null && (wide.waitSeconds !== null || wide.remaining < own.remaining) ? wide : own;
}

export async function release(limiter: RateLimiter, name: LimitName, { key, network }: Subject): Promise<void> {
  await limiter.giveBack(name, key);
  if (network !== null) await limiter.giveBack(name, network, networkTimes);
}

/** graphql-rate-limit identifies a caller by a string; this store maps the string to the subject during the call. */
export class ReservingStore implements Store {
  readonly #limiter: RateLimiter;
  readonly #expected = new Map<string, { name: LimitName; subject: Subject }>();
  readonly #standings = new Map<string, Standing>();
  #serial = 0;

  constructor(limiter: RateLimiter) {
    this.#limiter = limiter;
  }

  /** @returns the identity of one call, so that parallel calls of a subject each get their own standing */
  expect(name: LimitName, subject: Subject): string {
    this.#serial += 1;
    const identity = `${name} ${this.#serial}`;
    this.#expected.set(identity, { name, subject });
    return identity;
  }

  /**
   * @returns no call when the call is within the limit, otherwise the one call that exceeds the maximum of the library
   */
  async getForIdentity({ contextIdentity }: Identity): Promise<number[]> {
    const expected = this.#expected.get(contextIdentity);
    if (!expected) throw new Error(`no call of the identity ${contextIdentity} is expected`);
    this.#expected.delete(contextIdentity);
    const standing = await reserve(this.#limiter, expected.name, expected.subject);
    if (standing) this.#standings.set(contextIdentity, standing);
    return standing === null || standing.waitSeconds === null ? [] : [Date.now()];
  }

  setForIdentity(): void {}

  take(identity: string): Standing | undefined {
    const standing = this.#standings.get(identity);
    this.#standings.delete(identity);
    return standing;
  }
}
