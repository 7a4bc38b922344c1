/**
 * graphql-rate-limit as the permission map uses it. The library reads counts and writes them back, which parallel
 * requests walk around (measured: 200 of 200 passed a limit of 5); so here reading is reserving, and writing does nothing.
 * The library is told of one place, free or taken, since it copies as many timestamps as it is told of (1 ms a thousand).
 */
import { getGraphQLRateLimiter, type Identity, type Store } from 'graphql-rate-limit';
import { rule } from 'graphql-shield';
import { Refusal } from '../domain/errors.ts';
import { isWithin, sourceOf } from '../domain/source.ts';
import type { Metrics } from '../metrics.ts';
import type { LimitName, Limits } from '../ratelimit/limits.ts';
import type { RateLimiter, Standing } from '../ratelimit/rate-limiter.ts';
import type { Context } from './context.ts';
import { noteStanding } from './rate-limit-headers.ts';

export interface RateLimitOptions {
  limiter: RateLimiter;
  limits: Limits;
  /** Networks that no limit by source applies to. */
  allowlist: readonly string[];
  metrics: Pick<Metrics, 'rateLimited'>;
}

/**
 * A rule that counts the call by the limit of this name.
 * @param counts whether this call counts at all; without it, every call does
 */
export type Limited = (name: LimitName, counts?: (context: Context) => boolean) => ReturnType<ReturnType<typeof rule>>;

export function createLimited({ limiter, limits, allowlist, metrics }: RateLimitOptions): Limited {
  const store = new ReservingStore(limiter, limits);
  const count = getGraphQLRateLimiter({
    identifyContext: ({ identity }: { identity: string }) => identity,
    store,
  });
  return (name, counts = () => true) =>
    rule({ cache: 'no_cache' })(async (parent, args, context: Context, info) => {
      if (!counts(context)) return true;
      const limit = limits[name];
      const subject = subjectOf(name, args, context, allowlist);
      if (!limit || subject === null) return true;
      const identity = identityOf(name, subject);
      const fieldConfig = { max: 1, window: `${limit.windowSeconds}s` };
      const problem = await count({ parent, args, context: { identity }, info }, fieldConfig);
      const standing = store.take(identity);
      if (standing) noteStanding(context, name, limit, standing);
      if (problem !== undefined) {
        metrics.rateLimited(name);
        return new Refusal('RATE_LIMITED', { retryAfterSeconds: standing?.waitSeconds ?? limit.windowSeconds });
      }
      if (name === 'login' && standing) places.set(context, () => giveBack(context, name, subject, standing));
      return true;
    });

  async function giveBack(context: Context, name: LimitName, subject: string, standing: Standing): Promise<void> {
    await limiter.giveBack(name, subject);
    const limit = limits[name];
    if (limit) noteStanding(context, name, limit, { ...standing, remaining: standing.remaining + 1 });
  }
}

/** The places that requests to sign in have reserved. */
const places = new WeakMap<Context, () => Promise<void>>();

/** For a request that turned out to be none to be limited: a sign-in that succeeded. */
export async function giveBackPlace(context: Context): Promise<void> {
  await places.get(context)?.();
}

const limitsByUser: ReadonlySet<LimitName> = new Set([
  'authenticated',
  'reauthenticate',
  'requestEmailChange',
  'exportMyData',
  'admin',
]);

/** Who is counted. Null: nobody, because the source is on the allow-list or the limit is not theirs. */
export function subjectOf(
  name: LimitName,
  args: { input?: { email?: unknown; refreshToken?: unknown } },
  { caller, cookies, services }: Context,
  allowlist: readonly string[],
): string | null {
  const { ipAddress } = caller.client;
  if (limitsByUser.has(name)) return caller.viewer?.id ?? null;
  if (name === 'refresh') {
    const token = args.input?.refreshToken ?? cookies.refreshToken;
    return typeof token === 'string' ? services.sessions.familyOf(token) : null;
  }
  if (isWithin(ipAddress, allowlist)) return null;
  // Whoever attacks from the same address must not keep the owner's device out; it is counted by the sign-in gate.
  const isLogin = name === 'login' || name === 'loginSource';
  if (isLogin && services.signIns.isKnownDevice(caller)) return null;
  const source = sourceOf(ipAddress);
  if (name === 'anonymous') return caller.viewer ? null : source;
  return name === 'login' ? `${source}|${services.signIns.accountKey(String(args.input?.email))}` : source;
}

let serial = 0;
/** Of one call, so that parallel ones of a subject are each told their own standing. */
function identityOf(name: LimitName, subject: string): string {
  serial += 1;
  return `${name} ${serial} ${subject}`;
}

class ReservingStore implements Store {
  readonly #limiter: RateLimiter;
  readonly #limits: Limits;
  /** Of those who were counted, and whose answer is being made. */
  readonly #standings = new Map<string, Standing>();

  constructor(limiter: RateLimiter, limits: Limits) {
    this.#limiter = limiter;
    this.#limits = limits;
  }

  /** @returns nothing when there was a place, else the one call that is more than the library is told to take */
  async getForIdentity({ contextIdentity }: Identity): Promise<number[]> {
    const [name, subject] = splitIdentity(contextIdentity, this.#limits);
    const standing = await this.#limiter.consume(name, subject);
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

function splitIdentity(identity: string, limits: Limits): [LimitName, string] {
  const [name = '', , ...subject] = identity.split(' ');
  if (!isLimitName(name, limits)) throw new Error(`there is no limit of the name ${name}`);
  return [name, subject.join(' ')];
}

function isLimitName(name: string, limits: Limits): name is LimitName {
  return Object.hasOwn(limits, name);
}
