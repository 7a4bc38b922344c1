/**
 * Limits without Redis (ratelimit/rate-limiter.ts; local-counts.test.ts tests its memory), the counted key
 * (graphql/rate-limits/subject.ts), and RATE_LIMITS (config/config.ts).
 */

import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { ConfigError, readConfig } from '../../src/config/config.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { readNetworks } from '../../src/domain/source.ts';
import { RequestLimits } from '../../src/graphql/rate-limits/rate-limit-headers.ts';
import { subjectOf } from '../../src/graphql/rate-limits/subject.ts';
import type { Context } from '../../src/graphql/request/context.ts';
import { createLoaders } from '../../src/graphql/request/loaders.ts';
import { defaultLimits, type Limit, type LimitName, type Limits } from '../../src/ratelimit/limits.ts';
import { createRateLimiter, type RateLimiter, type Standing } from '../../src/ratelimit/rate-limiter.ts';
import { testSecret } from '../support/gateway/gateway.ts';

const off = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, null]));
const limitsWith = (limits: Partial<Record<LimitName, Limit | null>>): Limits => ({
  ...defaultLimits,
  ...off,
  ...limits,
});

describe('a limiter of one process', () => {
  const limiters: RateLimiter[] = [];
  const limiterWith = (limits: Partial<Record<LimitName, Limit | null>>): RateLimiter => {
    const limiter = createRateLimiter({ limits: limitsWith(limits), redisUrl: null, instances: null });
    limiters.push(limiter);
    return limiter;
  };
  afterEach(async () => {
    vi.useRealTimers();
    for (const limiter of limiters.splice(0)) await limiter.close();
  });

  const many = <T>(count: number, ask: () => Promise<T>) => Promise.all(Array.from({ length: count }, ask));
  const passed = (standings: readonly (Standing | null)[]) =>
    standings.filter((standing) => standing === null || standing.waitSeconds === null).length;
  const waitOf = async (limiter: RateLimiter, name: LimitName, key: string) =>
    (await limiter.consume(name, key))?.waitSeconds ?? null;

  test('reports the wait in whole seconds, whatever the fraction', async () => {
    vi.useFakeTimers();
    const limiter = limiterWith({ register: { max: 1, windowSeconds: 1 } });
    // In floating point 1097.8672964950808 + 2000 - 1097.8672964950808 is more than 2000.
    vi.spyOn(performance, 'now').mockReturnValueOnce(0).mockReturnValueOnce(0).mockReturnValue(1097.8672964950808);
    await many(2, () => limiter.consume('register', 'a'));
    await limiter.consume('register', 'a');
    expect(await waitOf(limiter, 'register', 'a')).toBe(2);
  });

  test.each([1, 2, 10, 100])('accepts exactly %i of 500 parallel calls when that is the limit', async (max) => {
    const limiter = limiterWith({ register: { max, windowSeconds: 60 } });
    expect(passed(await many(500, () => limiter.consume('register', 'a')))).toBe(max);
  });

  test('counts keys apart, and limits apart', async () => {
    const limit = { max: 1, windowSeconds: 60 };
    const limiter = limiterWith({ register: limit, verifyEmail: limit });
    expect(await waitOf(limiter, 'register', 'a')).toBeNull();
    expect(await waitOf(limiter, 'register', 'b')).toBeNull();
    expect(await waitOf(limiter, 'verifyEmail', 'a')).toBeNull();
    expect(await waitOf(limiter, 'register', 'a')).not.toBeNull();
  });

  test('never refuses by a limit that is off, and reports nothing about it', async () => {
    const limiter = limiterWith({ register: null });
    expect(await many(2000, () => limiter.consume('register', 'a'))).toEqual(Array.from({ length: 2000 }, () => null));
    await limiter.giveBack('register', 'a');
  });

  test('reports the remainder, and the time until the full limit is available', async () => {
    vi.useFakeTimers();
    const limiter = limiterWith({ register: { max: 3, windowSeconds: 90 } });
    const standing = { waitSeconds: null, max: 3, remaining: 2, resetSeconds: 90 };
    expect(await limiter.consume('register', 'a')).toEqual(standing);
    vi.advanceTimersByTime(10_000);
    expect(await limiter.consume('register', 'a')).toEqual({ ...standing, remaining: 1, resetSeconds: 80 });
    expect(await limiter.consume('register', 'a')).toEqual({ ...standing, remaining: 0, resetSeconds: 80 });
    expect(await limiter.consume('register', 'a')).toEqual({ waitSeconds: 80, max: 3, remaining: 0, resetSeconds: 80 });
  });

  test('reports the wait in whole seconds: at least one, at most the window', async () => {
    vi.useFakeTimers();
    const limiter = limiterWith({ register: { max: 1, windowSeconds: 90 } });
    await limiter.consume('register', 'a');
    expect(await waitOf(limiter, 'register', 'a')).toBe(90);
    vi.advanceTimersByTime(30_500);
    expect(await waitOf(limiter, 'register', 'a')).toBe(60);
    vi.advanceTimersByTime(59_499);
    expect(await waitOf(limiter, 'register', 'a')).toBe(1);
  });

  test('starts a new window when the old one ends, and refusals do not extend it', async () => {
    vi.useFakeTimers();
    const limiter = limiterWith({ register: { max: 1, windowSeconds: 90 } });
    await limiter.consume('register', 'a');
    vi.advanceTimersByTime(89_000);
    expect(await waitOf(limiter, 'register', 'a')).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(await waitOf(limiter, 'register', 'a')).toBeNull();
  });

  test('is not misled by a clock that is set back', async () => {
    vi.useFakeTimers();
    const limiter = limiterWith({ register: { max: 1, windowSeconds: 90 } });
    await limiter.consume('register', 'a');
    vi.setSystemTime(new Date('2001-01-01'));
    expect(await waitOf(limiter, 'register', 'a')).toBe(90);
  });

  test('returns one attempt, and only one', async () => {
    const limiter = limiterWith({ login: { max: 5, windowSeconds: 60 } });
    await many(5, () => limiter.consume('login', 'a'));
    await limiter.giveBack('login', 'a');
    expect(passed(await many(50, () => limiter.consume('login', 'a')))).toBe(1);
  });

  test('returns an attempt to its own key alone', async () => {
    const limiter = limiterWith({ login: { max: 1, windowSeconds: 60 } });
    await limiter.consume('login', 'a');
    await limiter.consume('login', 'b');
    await limiter.giveBack('login', 'b');
    expect(await waitOf(limiter, 'login', 'a')).not.toBeNull();
    expect(await waitOf(limiter, 'login', 'b')).toBeNull();
  });

  test('returns no more attempts than were counted, and none of another window', async () => {
    vi.useFakeTimers();
    const limiter = limiterWith({ login: { max: 2, windowSeconds: 60 } });
    await many(2, () => limiter.consume('login', 'a'));
    vi.advanceTimersByTime(60_000);
    await many(5, () => limiter.giveBack('login', 'a'));
    expect(passed(await many(9, () => limiter.consume('login', 'a')))).toBe(2);
  });

  test('accepts any number of calls that all return their attempt', async () => {
    const limiter = limiterWith({ login: { max: 2, windowSeconds: 60 } });
    for (let round = 0; round < 20; round += 1) {
      expect(await waitOf(limiter, 'login', 'a')).toBeNull();
      await limiter.giveBack('login', 'a');
    }
  });

  test('reports that it is local', () => {
    expect(limiterWith({}).state()).toBe('local');
  });
});

describe('the counted key', () => {
  const gatewayApp = createApp(
    // Nothing here queries the database: no connection is opened.
    readConfig({ NODE_ENV: 'test', SECRET: testSecret, DATABASE_URL: 'postgres://127.0.0.1:1/none' }),
  );
  afterAll(async () => (await gatewayApp).close());

  interface Asking {
    ipAddress?: string | null;
    viewerId?: string;
    cookie?: string;
    allowlist?: readonly string[];
    input?: { email?: unknown; refreshToken?: unknown };
  }

  async function subject(name: LimitName, asking: Asking = {}): Promise<string | null> {
    const { ipAddress = '192.0.2.7', viewerId, cookie = null, allowlist = [], input } = asking;
    const client = {
      ipAddress,
      userAgent: null,
      namesLanguage: false,
      claimedPlace: null,
      requestId: 'r',
      deviceToken: null,
      captchaToken: null,
    };
    const app = await gatewayApp;
    const unit = app.dependencies();
    const caller: Caller = viewerId
      ? { client, viewer: viewerWith(viewerId), refusal: null }
      : { client, viewer: null, refusal: new Refusal('UNAUTHENTICATED') };
    const context: Context = {
      caller,
      unit,
      loaders: createLoaders(caller, unit),
      cookies: {
        refreshToken: cookie,
        csrfToken: null,
        originAllowed: true,
        keepSession: () => undefined,
        keepDevice: () => undefined,
        flowToken: null,
        keepFlow: () => undefined,
        forgetSession: () => undefined,
      },
      limits: new RequestLimits(),
      noteOperation: () => undefined,
      deniedOperations: new Set<string>(),
      requestedEntities: 0,
      isRouter: false,
    };
    return subjectOf(name, input ? { input } : {}, context, readNetworks(allowlist));
  }

  const bySource: LimitName[] = ['register', 'verifyEmail', 'resendVerificationEmail', 'requestPasswordReset'];
  bySource.push('resetPassword', 'verifyMfa', 'loginSource');

  test.each(bySource)('%s counts by source, for every request', async (name) => {
    const first = await subject(name, { input: { email: 'ada@example.com' } });
    expect(await subject(name, { input: { email: 'bob@example.com' } })).toBe(first);
    expect(await subject(name, { ipAddress: '192.0.2.8' })).not.toBe(first);
    expect(first).not.toContain('example.com');
  });

  test('one IPv6 customer (/64) is one source, and the next one another', async () => {
    const first = await subject('register', { ipAddress: '2001:db8:1:2::1' });
    for (const ipAddress of ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:0001:0002:0:0:0:9']) {
      expect(await subject('register', { ipAddress })).toBe(first);
    }
    expect(await subject('register', { ipAddress: '2001:db8:1:3::1' })).not.toBe(first);
  });

  test('an IPv4 address is the same source when it comes through IPv6', async () => {
    const plain = await subject('register', { ipAddress: '192.0.2.7' });
    expect(await subject('register', { ipAddress: '::ffff:192.0.2.7' })).toBe(plain);
    expect(await subject('register', { ipAddress: '::ffff:c000:207' })).toBe(plain);
  });

  test.each([null, '', 'unknown', 'a.b'])('an invalid address (%j) is counted as well', async (ipAddress) => {
    expect(await subject('register', { ipAddress })).toBe('unknown');
    expect(await subject('register', { ipAddress, allowlist: ['0.0.0.0/0', '::/0'] })).toBe('unknown');
  });

  test('every spelling of an e-mail address shares one limit for sign-ins', async () => {
    const first = await subject('login', { input: { email: 'ada@example.com' } });
    for (const email of ['ADA@Example.COM', '  ada@example.com\t', 'ａｄａ@example.com', 'ada@ｅxample.com']) {
      expect(await subject('login', { input: { email } })).toBe(first);
    }
    expect(await subject('login', { input: { email: 'ad.a@example.com' } })).not.toBe(first);
  });

  test('signing in counts by source and account, and shows no address', async () => {
    const input = { email: 'ada@example.com' };
    const first = await subject('login', { input });
    expect(await subject('login', { input, ipAddress: '192.0.2.8' })).not.toBe(first);
    expect(first).not.toContain('ada');
  });

  test('text that is not an e-mail address is one account of its source, so that it does not widen the limit', async () => {
    const first = await subject('login', { input: { email: '' } });
    for (const email of ['x', '@', 'a@b@c', `${'a'.repeat(9000)}@example.com`, undefined, null, 7, {}]) {
      expect(await subject('login', { input: { email } })).toBe(first);
    }
    expect(await subject('login')).toBe(first);
    expect(first).not.toBeNull();
  });

  test('the allow-list exempts its networks from every limit by source, and no other network', async () => {
    const allowlist = ['192.0.2.0/24', '2001:db8::/32', '198.51.100.9'];
    for (const name of [...bySource, 'login'] as const) {
      for (const ipAddress of ['192.0.2.7', '::ffff:192.0.2.7', '2001:db8:5::1', '198.51.100.9']) {
        expect(await subject(name, { ipAddress, allowlist })).toBeNull();
      }
      for (const ipAddress of ['192.0.3.7', '2001:db9::1', '198.51.100.10']) {
        expect(await subject(name, { ipAddress, allowlist })).not.toBeNull();
      }
    }
  });

  test('the allow-list does not exempt users and sessions', async () => {
    const allowlist = ['0.0.0.0/0', '::/0'];
    expect(await subject('admin', { viewerId: 'u1', allowlist })).toBe('u1');
    expect(await subject('refresh', { allowlist, input: { refreshToken: await tokenOf(familyId, 0) } })).toBe(familyId);
  });

  test('a limit by user counts the same user at every source, and no anonymous caller', async () => {
    expect(await subject('reauthenticate', { viewerId: 'u1' })).toBe('u1');
    expect(await subject('reauthenticate', { viewerId: 'u1', ipAddress: '192.0.2.8' })).toBe('u1');
    expect(await subject('reauthenticate')).toBeNull();
  });

  const familyId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a3';
  const otherFamilyId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a4';
  const tokenOf = async (family: string, generation: number) =>
    (await gatewayApp).dependencies().refreshTokens.mint({ familyId: family, generation });

  test('refreshing counts by session, not by token and not by source', async () => {
    for (const generation of [0, 1, 2, 70_000]) {
      const refreshToken = await tokenOf(familyId, generation);
      expect(await subject('refresh', { input: { refreshToken } })).toBe(familyId);
      expect(await subject('refresh', { cookie: refreshToken })).toBe(familyId);
      expect(await subject('refresh', { input: { refreshToken }, ipAddress: '192.0.2.99' })).toBe(familyId);
    }
    expect(await subject('refresh', { cookie: await tokenOf(otherFamilyId, 0) })).toBe(otherFamilyId);
  });

  test('the given token decides, not the cookie beside it, as in the resolver', async () => {
    const [refreshToken, cookie] = [await tokenOf(familyId, 0), await tokenOf(otherFamilyId, 0)];
    expect(await subject('refresh', { input: { refreshToken }, cookie })).toBe(familyId);
    expect(await subject('refresh', { input: { refreshToken: null }, cookie })).toBe(otherFamilyId);
  });

  test.each(['', 'garbage', 'A'.repeat(70), '\u0000', 7, {}, [], true])(
    'an invalid token (%j) is not counted for any session',
    async (refreshToken) => {
      expect(await subject('refresh', { input: { refreshToken } })).toBeNull();
    },
  );

  test('a token with one letter changed is not counted for its session', async () => {
    const token = await tokenOf(familyId, 0);
    const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    expect(await subject('refresh', { input: { refreshToken: changed } })).toBeNull();
    expect(await subject('refresh')).toBeNull();
  });
});

describe('RATE_LIMITS', () => {
  const limitsOf = (text: string) => readConfig({ RATE_LIMITS: text }).limits.limits;

  test('uses the defaults when it is not set', () => {
    expect(readConfig({}).limits.limits).toEqual(defaultLimits);
    expect(limitsOf(' ')).toEqual(defaultLimits);
  });

  test('changes the named limits and keeps the others', () => {
    expect(limitsOf('login=7/90s, refresh=1/1d')).toEqual({
      ...defaultLimits,
      login: { max: 7, windowSeconds: 90 },
      refresh: { max: 1, windowSeconds: 86_400 },
    });
  });

  test.each(Object.keys(defaultLimits))('accepts %s, and switches it off', (name) => {
    expect(limitsOf(`${name}=off`)).toEqual({ ...defaultLimits, [name]: null });
    expect(limitsOf(`${name}=3/2h`)).toEqual({ ...defaultLimits, [name]: { max: 3, windowSeconds: 7200 } });
  });

  const problemsOf = (text: string): readonly string[] => {
    try {
      readConfig({ RATE_LIMITS: text });
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    throw new Error('the configuration was accepted');
  };

  test.each([
    'zebra=10/15m',
    'Login=10/15m',
    'toString=10/15m',
    '__proto__=10/15m',
    'constructor=off',
    'login',
    'login=',
    'login=zebra',
    'login=OFF',
    'login=10',
    'login=10/15',
    'login=10/15m/4h',
    'login=0/15m',
    'login=-1/15m',
    'login=1e3/15m',
    'login=1.5/15m',
    'login=1000001/15m',
    'login=10/0s',
    'login=10/2d',
    'login=10/zebra',
    'login:10/15m',
    'login=10/15m;register=zebra',
    'login=10/15m,,register=5/1h',
    'register=5/1h,login=zebra',
  ])('%j is refused by the name of the setting, without its value', (text) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^RATE_LIMITS: use pairs, for example/);
    expect(problems.join()).not.toMatch(/zebra|toString|__proto__|constructor|1000001/);
    for (const name of Object.keys(defaultLimits)) expect(problems[0]).toContain(name);
  });
});

function viewerWith(id: string): NonNullable<Context['caller']['viewer']> {
  const at = new Date('2026-03-01T12:00:00Z');
  return {
    id,
    email: 'ada@example.com',
    emailVerified: true,
    displayName: null,
    locale: null,
    claimsExt: null,
    role: { name: 'user', rank: 0, permissions: [], system: true },
    createdAt: at,
    session: {
      id: 's1',
      current: true,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: at,
      ipAddress: null,
      userAgent: null,
      deviceName: null,
      location: null,
      risk: null,
      authenticatedAt: at,
      assurance: 'AAL1',
      methods: [],
    },
    standing: { recent: true, secondFactorRequired: false, secondFactor: 'missing', adminNetwork: true },
  };
}
