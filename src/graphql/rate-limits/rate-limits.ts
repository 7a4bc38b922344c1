/**
 * graphql-rate-limit as the permission map uses it. The library reads counts and writes them back, which parallel
 * requests walk around (measured: 200 of 200 passed a limit of 5); so here reading is reserving, and writing does nothing.
 * The library receives one timestamp at most, since it copies every timestamp that it receives (1 ms per thousand).
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { getGraphQLRateLimiter, type Identity, type Store } from 'graphql-rate-limit';
import { rule } from 'graphql-shield';
import { addressKey } from '../../domain/attempts/counters.ts';
import { isKnownDevice } from '../../domain/attempts/trusted-devices.ts';
import { Refusal, refusalOf } from '../../domain/errors.ts';
import { sessionIdOf } from '../../domain/sessions/session-tokens.ts';
import { isWithin, networkOfSource, networkTimes, sourceOf } from '../../domain/source.ts';
import type { Metrics } from '../../metrics.ts';
import { type LimitName, type Limits, limitNames } from '../../ratelimit/limits.ts';
import type { RateLimiter, Standing } from '../../ratelimit/rate-limiter.ts';
import type { Context } from '../request/context.ts';
import { originOf } from '../request/errors.ts';

export type { LimitName, Standing };

export interface RateLimitOptions {
  limiter: RateLimiter;
  limits: Limits;
  /** Networks that no limit by source applies to. */
  allowlist: readonly string[];
  metrics: Pick<Metrics, 'rateLimited' | 'errorAnswered'>;
}

/**
 * A rule that counts the call by the limit of this name.
 * @param counts whether this call counts at all; without it, every call does
 */
export type Limited = (name: LimitName, counts?: (context: Context) => boolean) => ReturnType<ReturnType<typeof rule>>;

export function createLimited({ limiter, limits, allowlist, metrics }: RateLimitOptions): Limited {
  const store = new ReservingStore(limiter);
  const count = getGraphQLRateLimiter({
    identifyContext: ({ identity }: { identity: string }) => identity,
    store,
  });
  return (name, counts = () => true) =>
    rule({ cache: 'no_cache' })(async (parent, args, context: Context, info) => {
      if (!counts(context)) return true;
      const limit = limits[name];
      const key = subjectOf(name, args, context, allowlist);
      if (!limit || key === null) return true;
      const network = limitsBySource.has(name) ? subjectOf(name, args, context, allowlist, networkOfSource) : null;
      const identity = store.expect(name, { key, network });
      const fieldConfig = { max: 1, window: `${limit.windowSeconds}s` };
      const problem = await count({ parent, args, context: { identity }, info }, fieldConfig);
      const standing = store.take(identity);
      if (standing) context.limits.note(name, limit, standing);
      if (problem !== undefined) {
        metrics.rateLimited(name);
        return new Refusal('RATE_LIMITED', { retryAfterSeconds: standing?.waitSeconds ?? limit.windowSeconds });
      }
      if (standing && returnable.has(name)) {
        context.limits.keepPlace(name, async () => {
          await release(limiter, name, { key, network });
          context.limits.note(name, limit, { ...standing, remaining: standing.remaining + 1 });
        });
      }
      return true;
    });
}

/** Limits whose place is given back: to a sign-in that succeeds, and to a registration with unacceptable input. */
const returnable: ReadonlySet<LimitName> = new Set(['login', 'register']);

/** Input that is refused as BAD_USER_INPUT does not count as a registration. */
export const returnPlaces: ApolloServerPlugin<Context> = {
  async requestDidStart({ contextValue }) {
    return {
      async didEncounterErrors({ errors }) {
        const isRefusedInput = errors.some((error) => refusalOf(originOf(error))?.code === 'BAD_USER_INPUT');
        if (isRefusedInput) await contextValue.limits.giveBack('register');
      },
    };
  },
};

/** What a call is counted by. */
export interface Subject {
  key: string;
  /** The same of the /48 around an IPv6 source, which has a multiple of the limit. */
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

const limitsByUser: ReadonlySet<LimitName> = new Set(['reauthenticate', 'requestEmailChange', 'exportMyData', 'admin']);
const limitsBySource: ReadonlySet<LimitName> = new Set(
  limitNames.filter((name) => name !== 'refresh' && !limitsByUser.has(name)),
);

/**
 * What a limit of the permission map counts by. The limits `anonymous` and `authenticated` are counted in front of
 * GraphQL (http/request-limits.ts).
 * @returns null when the call is not counted: its source is on the allow-list, or the limit does not apply to this caller
 */
export function subjectOf(
  name: LimitName,
  args: { input?: { email?: unknown; refreshToken?: unknown } },
  { caller, cookies, unit }: Context,
  allowlist: readonly string[],
  placeOf: (ipAddress: string | null) => string | null = sourceOf,
): string | null {
  const { ipAddress } = caller.client;
  if (limitsByUser.has(name)) return caller.viewer?.id ?? null;
  if (name === 'refresh') {
    const token = args.input?.refreshToken ?? cookies.refreshToken;
    return typeof token === 'string' ? sessionIdOf(unit, token) : null;
  }
  if (isWithin(ipAddress, allowlist)) return null;
  // An attacker at the same address must not lock out the owner's device, whose attempts domain/attempts/ counts.
  const isLogin = name === 'login' || name === 'loginSource';
  if (isLogin && isKnownDevice(unit, caller)) return null;
  const place = placeOf(ipAddress);
  if (place === null || name !== 'login') return place;
  return `${place}|${addressKey(unit, String(args.input?.email))}`;
}

/** graphql-rate-limit knows a caller by a text; what that text stands for is kept here while the call is counted. */
class ReservingStore implements Store {
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

  /** @returns nothing when there was a place, else the one call that is more than the library allows */
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
