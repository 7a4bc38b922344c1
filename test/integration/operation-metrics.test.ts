/** The metrics of operations, sessions, locks and signing keys in `/metrics`. */
import { expect, test } from 'vitest';
import { outcomeLabel } from '../../src/metrics/operations.ts';
import { goodPassword, newAddress, refusal, registerUser, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullLoginDocument, FullViewerDocument } from '../support/generated/graphql.ts';

const gateway = useGateway({ METRICS_PORT: '0' });
const daySeconds = 86_400;

async function scrape(): Promise<string> {
  return (await fetch(gateway.metricsUrl ?? '')).text();
}

/** The value of a series; null when the scrape does not contain it. */
async function read(series: string): Promise<number | null> {
  const line = (await scrape()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}

const operations = (operation: string, outcome: string) =>
  read(`postern_operations_total{operation="${operation}",outcome="${outcome}"}`);

test('an operation is counted by its root field and its outcome', async () => {
  const { accessToken } = await signIn(gateway, await registerUser(gateway));
  await gateway.send(FullViewerDocument, {}, accessToken);
  await refusal(gateway.send(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } }));
  expect(await operations('login', 'succeeded')).toBe(1);
  expect(await operations('login', 'INVALID_CREDENTIALS')).toBe(1);
  expect(await operations('viewer', 'succeeded')).toBe(1);
  expect(await read('postern_operation_seconds_count{operation="login"}')).toBe(2);
});

test('several root fields, introspection and refused documents are counted as other', async () => {
  const before = (await operations('other', 'succeeded')) ?? 0;
  await gateway.post({ query: '{ a: viewer { id } passwordPolicy { minLength } }' });
  await gateway.post({ query: '{ __typename }' });
  await gateway.post({ query: '{ planted }' });
  await gateway.post('{');
  expect(await operations('other', 'succeeded')).toBe(before + 2);
  expect(await operations('other', 'GRAPHQL_VALIDATION_FAILED')).toBe(1);
  expect(await operations('other', 'BAD_REQUEST')).toBe(1);
});

test('a fault of the server decides the outcome of an operation with several errors', () => {
  expect(outcomeLabel(new Set(['FORBIDDEN', 'INTERNAL_SERVER_ERROR']))).toBe('INTERNAL_SERVER_ERROR');
  expect(outcomeLabel(new Set(['FORBIDDEN', 'NOT_FOUND']))).toBe('FORBIDDEN');
});

test('names that clients choose create no series', { timeout: 120_000 }, async () => {
  const lines = async () => (await scrape()).split('\n').filter((line) => line.startsWith('postern_')).length;
  const send = (name: string) => gateway.post({ query: `query ${name} { ${name}: __typename }`, operationName: name });
  await (await send('first')).text();
  const before = await lines();
  for (let batch = 0; batch < 100; batch += 1) {
    await Promise.all(Array.from({ length: 20 }, async (_, index) => (await send(`n${batch}_${index}`)).text()));
  }
  expect(await lines()).toBe(before);
});

test('sessions and locked addresses are counted at most once a minute', async () => {
  gateway.clock.travel(60);
  const before = (await read('postern_active_sessions')) ?? 0;
  const email = await registerUser(gateway);
  await signIn(gateway, email);
  expect(await read('postern_active_sessions')).toBe(before);
  const locks = (await read('postern_account_locks_total')) ?? 0;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await refusal(gateway.send(FullLoginDocument, { input: { email, password: `${goodPassword} not` } }));
  }
  expect(await read('postern_account_locks_total')).toBe(locks + 1);
  expect(await read('postern_locked_accounts')).toBe(0);
  gateway.clock.travel(60);
  expect(await read('postern_active_sessions')).toBe(before + 1);
  expect(await read('postern_locked_accounts')).toBe(1);
});

test('the rotation of the signing key is overdue an hour after KEY_ROTATION', async () => {
  const activate = (secondsAgo: number) =>
    gateway.database.query("update signing_keys set activated_at = $1 where state = 'active'", [
      new Date(gateway.clock.now().getTime() - secondsAgo * 1000),
    ]);
  const lastGood = 30 * daySeconds + 3600;
  await activate(lastGood - 60);
  gateway.clock.travel(60);
  expect(await read('postern_signing_key_age_seconds')).toBe(lastGood);
  expect(await read('postern_signing_key_rotation_overdue')).toBe(0);
  gateway.clock.travel(1);
  expect(await read('postern_signing_key_rotation_overdue')).toBe(1);
});

test('the versions are labels of the build', async () => {
  expect(await scrape()).toMatch(/^postern_build_info\{version="\d+\.\d+\.\d+",node="\d+\.\d+\.\d+"\} 1$/m);
});
