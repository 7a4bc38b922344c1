/** Limits in Redis under Sentinels and in a cluster: exact, and during a failover stricter, without a failed request. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { RegisterDocument } from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';
import {
  type RedisCluster,
  type SentinelGroup,
  startRedisCluster,
  startSentinelGroup,
} from '../support/servers/redis-groups.ts';

const limit = { RATE_LIMITS: 'register=12/1h' };

/** @returns the code of its error, or null */
async function register(gateway: TestGateway): Promise<string | null> {
  const answer = await gateway.post(
    bodyOf(RegisterDocument, { input: { email: newAddress(), password: goodPassword } }),
  );
  const { errors: [first] = [] }: { errors?: { extensions: { code: string } }[] } = JSON.parse(await answer.text());
  return first?.extensions.code ?? null;
}

async function passedOf(count: number, gateway: TestGateway): Promise<number> {
  const codes = await Promise.all(Array.from({ length: count }, () => register(gateway)));
  expect(codes.filter((code) => code !== null && code !== 'RATE_LIMITED')).toEqual([]);
  return codes.filter((code) => code === null).length;
}

async function limitsOf({ url }: TestGateway): Promise<string> {
  const answer = await fetch(`${url}/readyz`);
  expect(answer.status).toBe(200);
  return /^limits: .*$/m.exec(await answer.text())?.[0] ?? '';
}
const untilShared = (gateway: TestGateway) =>
  until('limits are shared', async () => (await limitsOf(gateway)).startsWith('limits: ok'), 20_000);

async function withGateway(settings: Record<string, string>, work: (gateway: TestGateway) => Promise<void>) {
  const gateway = await startTestGateway({ ...limit, ...settings });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

describe('Redis under Sentinels', { timeout: 120_000 }, () => {
  let group: SentinelGroup;
  beforeEach(async () => {
    group = await startSentinelGroup();
    return () => group.stop();
  }, 240_000);

  test('counts at the new master after the loss of the master; each of four instances admits a quarter meanwhile', async () => {
    await withGateway({ REDIS_URL: group.url, INSTANCES: '4' }, async (gateway) => {
      await untilShared(gateway);
      expect(await passedOf(20, gateway)).toBe(12);
      const before = await group.masterPort();
      await group.master.stop();
      expect(await passedOf(20, gateway)).toBe(3);
      await until('there is another master', async () => (await group.masterPort()) !== before);
      await untilShared(gateway);
      await group.replica.flush();
      expect(await passedOf(20, gateway)).toBe(12);
    });
  });

  test('counts at the new master after a switch in which the former master stays', async () => {
    await withGateway({ REDIS_URL: group.url }, async (gateway) => {
      await untilShared(gateway);
      expect(await passedOf(4, gateway)).toBe(4);
      await group.failOver();
      await untilShared(gateway);
      // The remaining calls of the limit, and the half that one instance admits alone during the switch.
      expect(await passedOf(40, gateway)).toBeLessThanOrEqual(8 + 6);
    });
  });

  test('with a wrong master name limits locally, and is reported', async () => {
    await withGateway({ REDIS_URL: group.url.replace(/postern$/, 'other') }, async (gateway) => {
      expect(await passedOf(20, gateway)).toBe(6);
      expect(await limitsOf(gateway)).toMatch(/^limits: degraded /);
    });
  });
});

describe('a Redis cluster', { timeout: 120_000 }, () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 240_000);
  afterAll(() => cluster?.stop());

  test('counts exactly while the slot of a limit moves to another node', async () => {
    await withGateway({ REDIS_URL: cluster.url }, async (gateway) => {
      await untilShared(gateway);
      expect(await passedOf(4, gateway)).toBe(4);
      const key = (await cluster.keys()).find((name) => name.includes('{register:'));
      const move = await cluster.beginMove(key ?? '');
      expect(await passedOf(4, gateway)).toBe(4);
      await move.finish();
      expect(await passedOf(12, gateway)).toBe(4);
      expect(await limitsOf(gateway)).toMatch(/^limits: ok /);
    });
  });
});
