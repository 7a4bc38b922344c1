/** What a request with an API key or a client token costs the database, and which sources are refused without it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintApiKey, renewApiKey } from '../../src/security/api-key.ts';
import { answerOf } from '../support/gateway/answer.ts';
import { requestTexts } from '../support/gateway/foreground.ts';
import { bearer, refusal, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { createApiKey, issueClientToken, machineOf } from '../support/people/api-keys.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { type StatementCounter, startStatementCounter } from '../support/proxies/statement-counter.ts';

const first = useGateway();
let counter: StatementCounter;
let gateway: TestGateway;
let key = '';
beforeAll(async () => {
  counter = await startStatementCounter(first.database.url);
  const settings = { DATABASE_URL: counter.url, RATE_LIMITS: 'badKey=3/15m', TRUSTED_PROXIES: '127.0.0.1/32' };
  // A shorter pause records more background work beside each request.
  gateway = await startTestGateway(settings, first, 1000);
  key = (await createApiKey(gateway, (await first.person()).accessToken)).key;
  // The first request of a process loads the signing keys.
  await verify(key);
});
afterAll(async () => {
  await gateway.stop();
  await counter.close();
});

/** Each source has its own limit. */
let source = 0;
const from = (address: string) => ({ 'x-forwarded-for': address });
const newSource = () => {
  source += 1;
  return `198.51.100.${source}`;
};
const call = (credential: string, address = newSource()) =>
  answerOf(gateway.post({ query: '{ machine { name } }' }, { ...bearer(credential), ...from(address) }));
const verify = (credential: string, address = newSource()) =>
  answerOf(fetch(`${gateway.url}/auth/verify`, { headers: { ...bearer(credential), ...from(address) } }));
const codesOf = ({ errors }: Awaited<ReturnType<typeof call>>) => errors.map(({ extensions }) => extensions.code);

async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  return requestTexts(await counter.record(work));
}

describe('one read and no write is the cost of a request', () => {
  const reads = [expect.stringMatching(/^select [^;]+$/)];

  test('with a key, at /graphql and at /auth/verify', async () => {
    for (const request of [call, verify]) {
      const statements = await statementsOf(async () => expect((await request(key)).status).toBeLessThan(300));
      expect(statements).toEqual(reads);
      expect(statements[0]).toContain('from unnest');
    }
  });

  test('with a client token', async () => {
    const { accessToken } = await registerUserWithRole(first, 'ADMIN');
    const token = await issueClientToken(first, accessToken);
    await call(token);
    expect(await statementsOf(async () => expect(codesOf(await call(token))).toEqual([]))).toEqual(reads);
  });

  test('with a key that does not exist or has another secret', async () => {
    const [, , lookup = ''] = key.split('_');
    for (const wrong of [mintApiKey('pat').key, renewApiKey('pat', lookup).key])
      expect(await statementsOf(async () => expect(codesOf(await call(wrong))).toEqual(['UNAUTHENTICATED']))).toEqual(
        reads,
      );
  });
});

describe('no statement is the cost of a request', () => {
  test('with a malformed key, however many of them come', async () => {
    const [address, malformed] = [newSource(), `${key.slice(0, -6)}000000`];
    const statements = await statementsOf(async () => {
      for (let count = 0; count < 10; count += 1)
        expect(codesOf(await call(malformed, address))).toEqual(['UNAUTHENTICATED']);
    });
    expect(statements).toEqual([]);
    expect(codesOf(await call(key, address))).toEqual([]);
  });

  test('of a source with too many keys that do not exist, which then waits with every key', async () => {
    const address = newSource();
    for (let count = 0; count < 3; count += 1)
      expect(codesOf(await call(mintApiKey('pat').key, address))).toEqual(['UNAUTHENTICATED']);
    const statements = await statementsOf(async () => {
      for (const presented of [mintApiKey('pat').key, key]) {
        const { status, headers, errors } = await call(presented, address);
        expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
        expect([status, Number(headers.get('retry-after'))]).toEqual([429, errors[0]?.extensions.retryAfter]);
      }
      expect((await verify(key, address)).status).toBe(429);
    });
    expect(statements).toEqual([]);
    expect(codesOf(await call(key))).toEqual([]);
  });
});

test('the limit of a key is its own where it is lower', async () => {
  const { accessToken } = await first.person();
  const { key: slow } = await createApiKey(first, accessToken, { limitPerMinute: 2 });
  const strict = await startTestGateway({ RATE_LIMITS: 'apiKey=3/1m' }, first);
  try {
    for (let count = 0; count < 2; count += 1) await machineOf(strict, slow);
    expect(await refusal(machineOf(strict, slow))).toMatchObject({ code: 'RATE_LIMITED' });
  } finally {
    await strict.end();
  }
});
