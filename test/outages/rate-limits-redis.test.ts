/**
 * Limits that several gateways share through Redis: exact together, and without Redis stricter, but neither off nor
 * slow.
 */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  bearer,
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { until } from '../support/races/until.ts';
import { type RedisServer, startRedisServer } from '../support/servers/redis-server.ts';

const timeoutMs = 10_000;
/** The most that a silent Redis may add to a request. */
const redisDeadlineMs = 200;
/** An allowance for a busy machine. */
const leewayMs = 400;
const answerWithinMs = 1000;
/** For sixty parallel requests, of which fifteen hash a password, on any machine. */
const burstWithinMs = 5000;

let redis: RedisServer;
// The first run on a machine without Redis downloads it.
beforeAll(async () => {
  redis = await startRedisServer();
}, 240_000);
afterAll(() => redis?.stop());

const gateways: TestGateway[] = [];
async function startGateways(count: number, environment: Record<string, string>): Promise<TestGateway[]> {
  const started: TestGateway[] = [];
  for (let index = 0; index < count; index += 1) {
    const gateway = await startTestGateway({ REDIS_URL: redis.url, ...environment }, gateways[0]);
    gateways.push(gateway);
    started.push(gateway);
  }
  return started;
}
async function startOne(environment: Record<string, string>): Promise<TestGateway> {
  const [gateway] = await startGateways(1, environment);
  if (!gateway) throw new Error('no gateway was started');
  return gateway;
}

beforeEach(async () => {
  await redis.start();
});
afterEach(async () => {
  redis.thaw();
  // The first one owns the database and the mail server that the others share.
  for (const gateway of gateways.splice(0).reverse()) await gateway.stop();
});

async function readiness(gateway: TestGateway): Promise<{ status: number; limits: string }> {
  const response = await fetch(`${gateway.url}/readyz`);
  const limits = (await response.text()).split('\n').find((line) => line.startsWith('limits:')) ?? '';
  return { status: response.status, limits };
}

/** Waits until all of them report it; they stay ready meanwhile. */
async function untilLimitsAre(state: 'ok' | 'degraded', among: readonly TestGateway[]): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (const gateway of among) {
    let now = await readiness(gateway);
    while (!now.limits.startsWith(`limits: ${state} `)) {
      if (Date.now() > deadline) throw new Error(`still "${now.limits}" after ${timeoutMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now = await readiness(gateway);
      expect(now.status).toBe(200);
    }
  }
}

interface Answer {
  status: number;
  code: string | null;
  retryAfter: number | null;
  ms: number;
}

interface Envelope {
  errors?: { extensions: { code: string; retryAfter?: number } }[];
}

async function ask(gateway: TestGateway, body: object): Promise<Answer> {
  const startedAt = performance.now();
  const response = await gateway.post(body);
  const { errors: [first] = [] }: Envelope = JSON.parse(await response.text());
  const ms = performance.now() - startedAt;
  const { code = null, retryAfter = null } = first?.extensions ?? {};
  return { status: response.status, code, retryAfter, ms };
}

const askPolicy = (gateway: TestGateway) => ask(gateway, { query: '{ passwordPolicy { minLength } }' });
const registerMutation = 'mutation ($input: RegisterInput!) { register(input: $input) { status } }';
const register = (gateway: TestGateway) =>
  ask(gateway, { query: registerMutation, variables: { input: { email: newAddress(), password: goodPassword } } });

/** So many parallel requests, distributed over the gateways in turn. */
function distribute(count: number, among: readonly TestGateway[], one: (gateway: TestGateway) => Promise<Answer>) {
  const distributed = Array.from({ length: Math.ceil(count / among.length) }, () => among).flat();
  return Promise.all(distributed.slice(0, count).map(one));
}

const passed = (answers: readonly Answer[]) => answers.filter(({ code }) => code === null).length;
const onlyLimited = (answers: readonly Answer[]) =>
  answers.every(({ code, status }) => (code === null && status === 200) || (code === 'RATE_LIMITED' && status === 429));
const slowest = (answers: readonly Answer[]) => Math.max(...answers.map(({ ms }) => ms));

describe('three gateways with one Redis', () => {
  const limit = { RATE_LIMITS: 'register=10/1h' };

  test('together accept exactly the limit of many parallel requests', async () => {
    const three = await startGateways(3, limit);
    await untilLimitsAre('ok', three);
    const answers = await distribute(60, three, register);
    expect(passed(answers)).toBe(10);
    expect(answers).toSatisfy(onlyLimited);
  });

  test('report the wait to every refused caller at once', async () => {
    const three = await startGateways(3, limit);
    await untilLimitsAre('ok', three);
    const waits = (await distribute(60, three, register)).flatMap(({ retryAfter }) => retryAfter ?? []);
    expect(waits).toHaveLength(50);
    expect(Math.min(...waits)).toBeGreaterThan(3500);
    expect(Math.max(...waits)).toBeLessThanOrEqual(3600);
  });

  test('keep the counts when one gateway stops and another starts', async () => {
    const [first] = await startGateways(1, limit);
    const [second] = await startGateways(1, limit);
    if (!first || !second) throw new Error('no gateway was started');
    await untilLimitsAre('ok', [first, second]);
    expect(passed(await distribute(8, [second], register))).toBe(8);
    gateways.splice(gateways.indexOf(second), 1);
    await second.stop();
    const third = await startOne(limit);
    await untilLimitsAre('ok', [third]);
    expect(passed(await distribute(20, [third], register))).toBe(2);
  });

  test('each accept half the limit while Redis is down, at once and without an error, and share counts after its return', async () => {
    const three = await startGateways(3, limit);
    await untilLimitsAre('ok', three);
    await redis.stop();
    const answers = await distribute(60, three, register);
    expect(passed(answers)).toBe(3 * 5);
    expect(answers).toSatisfy(onlyLimited);
    expect(slowest(answers)).toBeLessThan(burstWithinMs);
    await untilLimitsAre('degraded', three);
    for (const gateway of three) {
      const answer = await register(gateway);
      expect(answer).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
      expect(answer.ms).toBeLessThan(answerWithinMs);
    }

    await redis.start();
    await untilLimitsAre('ok', three);
    expect(passed(await distribute(60, three, register))).toBe(10);
  });

  test('each accept half the limit while Redis hangs, soon and without an error, and share counts after its return', async () => {
    const three = await startGateways(3, limit);
    await untilLimitsAre('ok', three);
    redis.freeze();
    const answers = await distribute(60, three, register);
    expect(passed(answers)).toBe(3 * 5);
    expect(answers).toSatisfy(onlyLimited);
    expect(slowest(answers)).toBeLessThan(burstWithinMs);
    await untilLimitsAre('degraded', three);
    for (const gateway of three) {
      const answer = await register(gateway);
      expect(answer).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
      expect(answer.ms).toBeLessThan(answerWithinMs);
    }

    redis.thaw();
    await untilLimitsAre('ok', three);
    await redis.flush();
    expect(passed(await distribute(60, three, register))).toBe(10);
  });

  test('count from zero after Redis loses its data', async () => {
    const three = await startGateways(3, limit);
    await untilLimitsAre('ok', three);
    expect(passed(await distribute(30, three, register))).toBe(10);
    await redis.flush();
    const answers = await distribute(30, three, register);
    expect(passed(answers)).toBe(10);
    expect(answers).toSatisfy(onlyLimited);
  });
});

describe('a Redis that answers without counting', () => {
  const damaged = [
    [
      'a replica',
      'READONLY',
      (admin: Redis) => admin.replicaof('127.0.0.1', 1),
      (admin: Redis) => admin.replicaof('NO', 'ONE'),
    ],
    [
      'full',
      'OOM',
      (admin: Redis) => admin.config('SET', 'maxmemory', '1'),
      (admin: Redis) => admin.config('SET', 'maxmemory', '0'),
    ],
    [
      'short of replicas',
      'NOREPLICAS',
      (admin: Redis) => admin.config('SET', 'min-replicas-to-write', '3'),
      (admin: Redis) => admin.config('SET', 'min-replicas-to-write', '0'),
    ],
  ] as const;

  test.each(damaged)(
    'that is %s is reported as %s by readiness, log and metrics',
    async (_what, word, spoil, repair) => {
      const token = 'a-token-of-this-test';
      const gateway = await startOne({ RATE_LIMITS: 'register=4/15m', METRICS_TOKEN: token });
      await untilLimitsAre('ok', [gateway]);
      const gauge = async () => (await fetch(`${gateway.url}/metrics`, { headers: bearer(token) })).text();
      expect(await gauge()).toContain('postern_rate_limits{state="shared"} 1');
      const admin = new Redis(redis.url);
      try {
        await spoil(admin);
        expect(passed(await distribute(6, [gateway], register))).toBe(2);
        const { status, limits } = await readiness(gateway);
        expect({ status, limits }).toEqual({ status: 200, limits: expect.stringMatching(/^limits: degraded \(/) });
        expect(limits).toContain(`(${word})`);
        expect(await gauge()).toContain('postern_rate_limits{state="degraded"} 1');
        expect(gateway.logs.filter((line) => line.includes(`"problem":"${word}"`))).toHaveLength(1);
        await repair(admin);
        await untilLimitsAre('ok', [gateway]);
        expect(gateway.logs.filter((line) => line.includes('rate limits are shared'))).not.toEqual([]);
      } finally {
        admin.disconnect();
      }
    },
  );

  test('that became a replica is replaced by a new connection', async () => {
    const gateway = await startOne({ RATE_LIMITS: 'register=4/15m' });
    await untilLimitsAre('ok', [gateway]);
    const admin = new Redis(redis.url);
    try {
      const connections = async () => /total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1];
      const before = Number(await connections());
      await admin.replicaof('127.0.0.1', 1);
      await register(gateway);
      await until('a new connection', async () => Number(await connections()) > before);
    } finally {
      admin.disconnect();
    }
  });
});

describe('a Redis that hangs', () => {
  const limits = { RATE_LIMITS: 'anonymous=1000/1h' };

  test('delays requests by little more than its deadline, and soon by nothing', async () => {
    const gateway = await startOne(limits);
    await untilLimitsAre('ok', [gateway]);
    const usual = slowest([await askPolicy(gateway), await askPolicy(gateway)]);
    redis.freeze();
    const first: Answer[] = [];
    const deadline = performance.now() + timeoutMs;
    while ((await readiness(gateway)).limits.startsWith('limits: ok ') && performance.now() < deadline) {
      first.push(await askPolicy(gateway));
    }
    const later: Answer[] = [];
    for (let round = 0; round < 10; round += 1) later.push(await askPolicy(gateway));
    expect(first.length).toBeGreaterThan(0);
    expect(slowest(first)).toBeLessThan(usual + redisDeadlineMs + leewayMs);
    expect([...first, ...later].every(({ status }) => status === 200)).toBe(true);
    expect(later.filter(({ ms }) => ms >= redisDeadlineMs).length).toBeLessThanOrEqual(1);
  });

  test('is detected by readiness requests alone, and so is its return', async () => {
    const gateway = await startOne(limits);
    await untilLimitsAre('ok', [gateway]);
    redis.freeze();
    await untilLimitsAre('degraded', [gateway]);
    redis.thaw();
    await untilLimitsAre('ok', [gateway]);
  });

  test('delays a sign-in once, not once for each limit', async () => {
    const gateway = await startOne(limits);
    const email = await registerUser(gateway);
    await untilLimitsAre('ok', [gateway]);
    const signInTakes = async () => {
      const startedAt = performance.now();
      await signIn(gateway, email);
      return performance.now() - startedAt;
    };
    const usual = Math.max(await signInTakes(), await signInTakes());
    redis.freeze();
    expect(await signInTakes()).toBeLessThan(usual + redisDeadlineMs + leewayMs);
    expect(await signInTakes()).toBeLessThan(usual + redisDeadlineMs + leewayMs);
  });

  test('does not delay a shutdown', async () => {
    const gateway = await startOne(limits);
    await untilLimitsAre('ok', [gateway]);
    redis.freeze();
    await askPolicy(gateway);
    gateways.splice(gateways.indexOf(gateway), 1);
    const startedAt = performance.now();
    await gateway.stop();
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('a gateway without its Redis', () => {
  test('starts, limits, and counts in Redis as soon as Redis is back', async () => {
    await redis.stop();
    const gateway = await startOne({ RATE_LIMITS: 'register=7/1h' });
    expect(await readiness(gateway)).toEqual({ status: 200, limits: expect.stringMatching(/^limits: degraded /) });
    expect(passed(await distribute(20, [gateway], register))).toBe(3);
    await redis.start();
    await untilLimitsAre('ok', [gateway]);
    expect(passed(await distribute(20, [gateway], register))).toBe(7);
  });

  test('starts when Redis accepts the connection and sends nothing', async () => {
    redis.freeze();
    const gateway = await startOne({ RATE_LIMITS: 'register=7/1h' });
    const answers = await distribute(20, [gateway], register);
    expect(answers).toSatisfy(onlyLimited);
    expect(passed(answers)).toBe(3);
    expect(slowest(answers)).toBeLessThan(burstWithinMs);
    await untilLimitsAre('degraded', [gateway]);
    redis.thaw();
    await untilLimitsAre('ok', [gateway]);
  });

  test('still accepts one request when the limit is one', async () => {
    await redis.stop();
    const gateway = await startOne({ RATE_LIMITS: 'register=1/1h' });
    expect(passed(await distribute(10, [gateway], register))).toBe(1);
  });

  test('returns the attempt of a successful sign-in', async () => {
    const gateway = await startOne({ RATE_LIMITS: 'login=4/15m' });
    const email = await registerUser(gateway);
    await redis.stop();
    for (let round = 0; round < 6; round += 1) await signIn(gateway, email);
  });

  test('locks accounts on every gateway, because those counts are in the database', async () => {
    const two = await startGateways(2, { RATE_LIMITS: 'login=100/15m' });
    const [one, other] = two;
    if (!one || !other) throw new Error('no gateway was started');
    const email = await registerUser(one);
    await redis.stop();
    for (const gateway of [one, other, one, other, one]) {
      expect((await refusal(signIn(gateway, email, 'Wrong guess 1'))).code).toBe('INVALID_CREDENTIALS');
    }
    for (const gateway of two) {
      expect(await refusal(signIn(gateway, email))).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429 });
    }
    one.clock.travel(901);
    await signIn(other, email);
  });
});

describe('without REDIS_URL', () => {
  test('a gateway is ready, and reports that its limits are local', async () => {
    const gateway = await startTestGateway();
    gateways.push(gateway);
    expect(await readiness(gateway)).toEqual({
      status: 200,
      limits: 'limits: degraded (REDIS_URL is not set: limits are counted per process)',
    });
  });
});
