/** The breach check of new passwords: what the provider receives, and that its failure blocks no password. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { PasswordPolicyDocument, RegisterDocument } from '../support/generated/graphql.ts';
import { type Behaviour, type RangeServer, startRangeServer } from '../support/servers/range-server.ts';

const breached = 'Sunny 4 marigolds';

let provider: RangeServer;
let gateway: TestGateway;
beforeAll(async () => {
  provider = await startRangeServer([breached]);
  gateway = await startTestGateway({ BREACH_CHECK_URL: provider.url, METRICS_PORT: '0' });
});
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});
beforeEach(() => {
  provider.mood = 'well';
  provider.paths.length = 0;
});

const register = (password: string) => gateway.send(RegisterDocument, { input: { email: newAddress(), password } });

async function uncheckedSoFar(): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl ?? '')).text();
  return Number(/^postern_breach_check_failures_total (\d+)$/m.exec(text)?.[1]);
}

test('a breached password is refused with its reason', async () => {
  const { code, extensions } = await refusal(register(breached));
  expect(code).toBe('BAD_USER_INPUT');
  expect(extensions.fields).toEqual([expect.objectContaining({ path: 'input.password', code: 'BREACHED' })]);
});

test('the provider receives five hex digits and a request for padding, and a padding entry matches no password', async () => {
  await register(goodPassword);
  const hash = createHash('sha1').update(goodPassword).digest('hex').toUpperCase();
  expect(provider.paths).toEqual([`/range/${hash.slice(0, 5)}`]);
  expect(provider.headers).toMatchObject({ 'add-padding': 'true' });
  expect(JSON.stringify(provider.headers)).not.toContain(goodPassword);
});

test('the provider is not called for a password that the policy refuses', async () => {
  await refusal(register('short'));
  expect(provider.paths).toEqual([]);
});

test('sign-in does not call the provider', async () => {
  const email = await registerUser(gateway);
  provider.paths.length = 0;
  provider.mood = 'silent';
  await signIn(gateway, email);
  expect(provider.paths).toEqual([]);
});

const failures: [Behaviour, string][] = [
  ['failing', 'status 503'],
  ['silent', 'the server did not answer in time'],
  ['talking nonsense', 'not a range'],
  ['endless', 'the answer is too large'],
  ['redirecting', 'status 302'],
];
describe.each(failures)('a provider that is %s', (mood, problem) => {
  test('does not block a password: it is accepted within two seconds, and the missing check is logged and counted', async () => {
    provider.mood = mood;
    const before = await uncheckedSoFar();
    const begun = performance.now();
    await expect(register(breached)).resolves.toMatchObject({ register: { status: 'VERIFICATION_SENT' } });
    expect(performance.now() - begun).toBeLessThan(4000);
    const line = gateway.logs.findLast((text) => text.includes('accepted without it')) ?? '{}';
    expect(JSON.parse(line)).toMatchObject({ problem });
    expect(gateway.logs.join('')).not.toContain(breached);
    expect(await uncheckedSoFar()).toBe(before + 1);
  });
});

test('the policy says whether breaches are checked', async () => {
  const { passwordPolicy } = await gateway.send(PasswordPolicyDocument, {});
  expect(passwordPolicy).toMatchObject({ breachCheck: true, historySize: 5, minLengthWithSecondFactor: 8 });
});
