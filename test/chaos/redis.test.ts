/** Faults of Redis behind HAProxy: limits are counted per process meanwhile, and no request fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { limitNames } from '../../src/ratelimit/limits.ts';
import { until } from '../support/races/until.ts';
import { drill, type Site } from './support/drill.ts';
import { useEnding } from './support/ending.ts';
import { startHaproxy } from './support/haproxy.ts';
import { startPostgres } from './support/postgres.ts';
import { type RedisServer, startRedisPair, startSentinels } from './support/redis.ts';
import { startSite } from './support/site.ts';

const ending = useEnding();
let master: RedisServer;
let replica: RedisServer;
let site: Site;
beforeAll(async () => {
  const postgres = await startPostgres(ending);
  [master, replica] = await startRedisPair(ending);
  await startSentinels(ending, master.port);
  const haproxy = await startHaproxy(ending, { redis: [master.port, replica.port] });
  // Each request is counted, and none reaches its limit.
  const RATE_LIMITS = limitNames.map((name) => `${name}=1000000/1h`).join(',');
  const settings = { REDIS_URL: `redis://127.0.0.1:${haproxy.redisPort}`, RATE_LIMITS };
  site = await startSite(ending, postgres.url, { count: 2, settings });
  await limitsAreShared(20_000);
}, 240_000);

async function limitsAreShared(deadlineMs: number): Promise<void> {
  for (const url of site.urls) {
    const isShared = async () => (await (await fetch(`${url}/readyz`)).text()).includes('limits: ok');
    await until(`limits are shared at ${url}`, isShared, deadlineMs);
  }
}

test('no request fails while Redis is frozen', async () => {
  const fault = async () => {
    await master.freeze();
    // Shorter than Sentinel’s down-after-milliseconds and its failover: the master stays.
    await sleep(1500);
    await master.thaw();
  };
  await drill('Redis is frozen for 1.5 s', site, fault, { recoverySeconds: 0, failed: 0 });
  await limitsAreShared(10_000);
});

test('no request fails when the Redis master is killed, and the limits are shared again after the failover', async () => {
  const fault = () => master.kill();
  await drill('the Redis master is killed', site, fault, { recoverySeconds: 0, failed: 0 });
  await limitsAreShared(20_000);
  expect(replica.output()).toContain('MASTER MODE enabled');
});
