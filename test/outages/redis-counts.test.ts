/** Counts that several processes share in Redis (ratelimit/shared-counts.ts), and what each does without it. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultLimits, type Limit, type LimitName } from '../../src/ratelimit/limits.ts';
import { createRateLimiter, type RateLimiter, type Standing } from '../../src/ratelimit/rate-limiter.ts';
import { until } from '../support/races/until.ts';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.ts';

/** The most that a silent Redis may add to a call, and an allowance for a busy machine. */
const deadlineMs = 200;
const leewayMs = 150;

let redis: RedisServer;
let inspector: Redis;
const limiters: RateLimiter[] = [];
// The first run on a machine without Redis downloads it.
beforeAll(async () => {
  redis = await startRedisServer();
  inspector = new Redis(redis.url, { lazyConnect: true });
  inspector.on('error', () => undefined);
}, 240_000);
afterAll(async () => {
  inspector.disconnect();
  await redis?.stop();
});
beforeEach(async () => {
  redis.thaw();
  await redis.start();
});
afterEach(async () => {
  redis.thaw();
  for (const limiter of limiters.splice(0)) await limiter.close();
});

async function startLimiters(count: number, limits: Partial<Record<LimitName, Limit>>): Promise<RateLimiter[]> {
  const started = Array.from({ length: count }, () =>
    createRateLimiter({ limits: { ...defaultLimits, ...limits } as const, redisUrl: redis.url, instances: null }),
  );
  limiters.push(...started);
  for (const limiter of started) await until('Redis', () => limiter.state() === 'shared');
  return started;
}
async function startOne(limits: Partial<Record<LimitName, Limit>>): Promise<RateLimiter> {
  const [limiter] = await startLimiters(1, limits);
  if (!limiter) throw new Error('no limiter was started');
  return limiter;
}

/** So many parallel calls, distributed over the processes in turn. */
const burst = (count: number, among: readonly RateLimiter[], key: string): Promise<(Standing | null)[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => among[index % among.length]?.consume('refresh', key) ?? null),
  );
const passed = (standings: readonly (Standing | null)[]) =>
  standings.filter((standing) => standing?.waitSeconds === null).length;
const waitsOf = (standings: readonly (Standing | null)[]) =>
  new Set(standings.flatMap((standing) => standing?.waitSeconds ?? []));
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000 + 20));

describe('three processes with one Redis', () => {
  test.each([1, 7, 60])('accept exactly %i of 500 parallel calls', async (max) => {
    const three = await startLimiters(3, { refresh: { max, windowSeconds: 60 } });
    expect(passed(await burst(500, three, 'a'))).toBe(max);
    expect(passed(await burst(500, three, 'b'))).toBe(max);
  });

  test('report the shared remainder to each caller', async () => {
    const three = await startLimiters(3, { refresh: { max: 5, windowSeconds: 60 } });
    const standings = await burst(6, three, 'a');
    expect(standings.map((standing) => standing?.remaining).sort()).toEqual([0, 0, 1, 2, 3, 4]);
    expect(standings.every((standing) => standing?.max === 5 && standing.resetSeconds === 60)).toBe(true);
  });

  test('double the wait with each violation on any process, and count a burst as one', async () => {
    const [one, other, third] = await startLimiters(3, { refresh: { max: 1, windowSeconds: 1 } });
    if (!one || !other || !third) throw new Error('there are fewer than three');
    expect(waitsOf(await burst(90, [one, other, third], 'a'))).toEqual(new Set([1]));
    await pause(1);
    expect(waitsOf(await burst(2, [other], 'a'))).toEqual(new Set([2]));
    await pause(2);
    expect(waitsOf(await burst(90, [third, one], 'a'))).toEqual(new Set([4]));
    expect(waitsOf(await burst(2, [one], 'b'))).toEqual(new Set([1]));
  });

  test('limit the wait to one hour, and drop a violation after a day', async () => {
    const limiter = await startOne({ refresh: { max: 1, windowSeconds: 60 } });
    const key = 'postern:{refresh:a}';
    const day = 24 * 3600 * 1000;
    const violateAgain = async (violations: number, agoMs: number) => {
      const at = `${Date.now() - agoMs}`;
      await inspector.hset(key, { taken: 1, endsAt: 0, violated: 1, violations, violatedAt: at });
      return [...waitsOf(await burst(2, [limiter], 'a'))];
    };
    expect(await violateAgain(5, 1000)).toEqual([1920]);
    expect(await violateAgain(6, 1000)).toEqual([3600]);
    expect(await violateAgain(400, 1000)).toEqual([3600]);
    expect(await violateAgain(400, day - 1000)).toEqual([3600]);
    expect(await violateAgain(400, day)).toEqual([60]);
  });

  test('store in Redis only keys that expire: windows, and violations for a day', async () => {
    const limiter = await startOne({ refresh: { max: 1, windowSeconds: 60 } });
    await burst(1, [limiter], 'good');
    await burst(2, [limiter], 'bad');
    const ttl = async (key: string) => Math.ceil((await inspector.pttl(`postern:{refresh:${key}}`)) / 1000);
    expect(await ttl('good')).toBe(60);
    expect(await ttl('bad')).toBe(24 * 3600);
  });

  test('return one attempt, and never more than were counted', async () => {
    const two = await startLimiters(2, { refresh: { max: 5, windowSeconds: 60 } });
    const [one, other] = two;
    await burst(5, two, 'a');
    await one?.giveBack('refresh', 'a');
    expect(passed(await burst(20, two, 'a'))).toBe(1);
    for (let round = 0; round < 20; round += 1) await other?.giveBack('refresh', 'a');
    expect(passed(await burst(20, two, 'a'))).toBe(5);
    await other?.giveBack('refresh', 'uncounted');
    expect(await inspector.exists('postern:{refresh:uncounted}')).toBe(0);
  });
});

describe('a Redis that is down', () => {
  const limits = { refresh: { max: 10, windowSeconds: 60 } };

  test.each([
    ['frozen', () => redis.freeze()],
    ['stopped', () => redis.stop()],
  ])('%s: the process applies a stricter limit of its own within 200 ms, with growing waits', async (_how, leave) => {
    const limiter = await startOne({ refresh: { max: 4, windowSeconds: 1 } });
    await leave();
    const startedAt = performance.now();
    const standings = await burst(50, [limiter], 'a');
    expect(performance.now() - startedAt).toBeLessThan(deadlineMs + leewayMs);
    expect(passed(standings)).toBe(2);
    expect(standings.every((standing) => standing?.max === 2)).toBe(true);
    await pause(1);
    expect(waitsOf(await burst(50, [limiter], 'a'))).toEqual(new Set([2]));
  });

  test('is used again after its return, without a restart', async () => {
    const three = await startLimiters(3, limits);
    await redis.stop();
    expect(passed(await burst(90, three, 'a'))).toBe(15);
    await redis.start();
    for (const limiter of three) await until('Redis', () => limiter.state() === 'shared');
    expect(passed(await burst(90, three, 'a'))).toBe(10);
  });

  test('and returns without data and scripts counts from zero', async () => {
    const three = await startLimiters(3, limits);
    expect(passed(await burst(90, three, 'a'))).toBe(10);
    await inspector.flushall();
    await inspector.script('FLUSH');
    expect(passed(await burst(90, three, 'a'))).toBe(10);
  });

  test.each([
    ['is full', () => inspector.config('SET', 'maxmemory', '1')],
    ['has another type under that key', () => inspector.set('postern:{refresh:a}', 'zebra')],
    ['rejects writes', () => inspector.config('SET', 'min-replicas-to-write', '3')],
  ])('that %s is treated as down: limited, without an error', async (_what, spoil) => {
    const limiter = await startOne(limits);
    await spoil();
    expect(passed(await burst(50, [limiter], 'a'))).toBe(5);
  });
});
