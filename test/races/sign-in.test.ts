/** Parallel sign-ins: while the stored hash is renewed, and above the capacity of the hash queue. */
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { PasswordHasher } from '../../src/security/passwords/password-hash.ts';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullLoginDocument, FullViewerDocument } from '../support/generated/graphql.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';

/** The capacity of one slot of the hash queue: the running hash, and the waiting ones (security.md, "Passwords"). */
const gatePerCore = 51;
const timeoutMs = 20_000;

const gateway = useGateway(lockoutOff);

async function hashOf(email: string): Promise<string> {
  const rows = await gateway.database.query<{ hash: string }>(
    'select password_hash as hash from users where email = $1',
    [email],
  );
  return rows[0]?.hash ?? '';
}

/** As if the last sign-in had been with other parameters. */
async function ageHash(email: string, parameters: { memoryKib: number; passes: number }): Promise<string> {
  const old = await new PasswordHasher(parameters).hash(goodPassword);
  await gateway.database.query('update users set password_hash = $2 where email = $1', [email, old]);
  return old;
}

test('twenty parallel sign-ins all succeed during a rehash, and leave the new hash', async () => {
  for (const parameters of [
    { memoryKib: 8192, passes: 2 },
    { memoryKib: 7168, passes: 3 },
  ]) {
    const email = await registerUser(gateway);
    const old = await ageHash(email, parameters);
    const answers = await atOnce(20, () => signIn(gateway, email));
    expect(codesOf(answers)).toEqual({});
    expect(new Set(valuesOf(answers).map(({ session }) => session.id)).size).toBe(20);

    const renewed = await hashOf(email);
    expect(renewed).not.toBe(old);
    expect(new PasswordHasher({ memoryKib: 7168, passes: 1 }).isOutdated(renewed)).toBe(false);
    for (const { accessToken } of valuesOf(answers)) {
      expect((await gateway.send(FullViewerDocument, {}, accessToken)).viewer).toMatchObject({ email });
    }
    await signIn(gateway, email);
    expect(await hashOf(email)).toBe(renewed);
  }
});

test('wrong passwords stay wrong during a rehash beside right ones', async () => {
  const email = await registerUser(gateway);
  await ageHash(email, { memoryKib: 8192, passes: 1 });
  const answers = await atOnce(8, (caller) => signIn(gateway, email, caller % 2 ? `${goodPassword}?` : goodPassword));
  expect(answers.map(({ error }) => error?.code ?? 'signed in')).toEqual(
    Array.from({ length: 8 }, (_, caller) => (caller % 2 ? 'INVALID_CREDENTIALS' : 'signed in')),
  );
  expect(await refusal(signIn(gateway, email, `${goodPassword}?`))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
});

test('a sign-in during the suspension of its user leaves no living token', { timeout: 60_000 }, async () => {
  const email = await registerUser(gateway);
  const setStatus = (status: string) =>
    gateway.database.query('update users set status = $2 where email = $1', [email, status]);
  for (let round = 0; round < 20; round += 1) {
    await setStatus('ACTIVE');
    const signingIn = atOnce(3, () => signIn(gateway, email));
    await delay(round);
    await setStatus('SUSPENDED');
    for (const { accessToken } of valuesOf(await signingIn)) {
      const asked = await refusal(gateway.send(FullViewerDocument, {}, accessToken));
      expect(asked).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'SESSION_REVOKED' } });
    }
  }
});

/** Delays the suspension a little longer in each round, by a number of requests before it. */
async function delay(round: number): Promise<void> {
  for (let asked = 0; asked < round % 8; asked += 1) await fetch(`${gateway.url}/livez`);
}

test('more sign-ins than the hash gate admits are each answered, and an existing session keeps working', {
  timeout: 90_000,
}, async () => {
  // Slow hashes, so that the queue fills before it drains.
  const busy = await startTestGateway({ ...lockoutOff, ARGON2_PASSES: '16' });
  try {
    const email = await registerUser(busy);
    const { accessToken } = await signIn(busy, email);
    const surplus = 60;
    const callers = availableParallelism() * gatePerCore + surplus;
    let flooding = true;
    const watching = watch(busy, accessToken, email, () => flooding);
    const answers = await Promise.all(
      Array.from({ length: callers }, (_, caller) => tryLogin(busy, caller % 10 ? newAddress() : email)),
    );
    flooding = false;

    expect(answers).toHaveLength(callers);
    const refused = answers.filter(({ errors }) => errors[0]?.extensions.code === 'SERVICE_BUSY');
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      const { extensions } = errorOf(answer);
      expect(answer.status).toBe(503);
      expect([1, 2, 3]).toContain(extensions.retryAfter);
      expect(answer.headers.get('retry-after')).toBe(String(extensions.retryAfter));
    }
    const served = answers.filter((answer) => !refused.includes(answer));
    expect(new Set(served.map(({ errors, data }) => errors[0]?.extensions.code ?? kindOf(data)))).toEqual(
      new Set(['INVALID_CREDENTIALS', 'AuthSession']),
    );
    const { answered, slowestMs } = await watching;
    expect(answered).toBeGreaterThan(3);
    expect(slowestMs).toBeLessThan(2000);
    expect((await signIn(busy, email)).viewer).toMatchObject({ email });
  } finally {
    await busy.stop();
  }
});

function tryLogin(at: TestGateway, email: string): Promise<Answer> {
  const body = JSON.stringify(bodyOf(FullLoginDocument, { input: { email, password: goodPassword } }));
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(timeoutMs);
  return answerOf(fetch(`${at.url}/graphql`, { method: 'POST', headers, body, signal }));
}

function kindOf(data: unknown): string {
  return /"__typename":"(\w+)"/.exec(JSON.stringify(data))?.[1] ?? 'nothing';
}

/** Queries the viewer repeatedly until it is stopped. */
async function watch(at: TestGateway, accessToken: string, email: string, goesOn: () => boolean) {
  let answered = 0;
  let slowestMs = 0;
  while (goesOn()) {
    const before = performance.now();
    const { status, text } = await answerOf(at.post(bodyOf(FullViewerDocument, {}), bearer(accessToken)));
    expect([status, text]).toEqual([200, expect.stringContaining(email)]);
    slowestMs = Math.max(slowestMs, performance.now() - before);
    answered += 1;
  }
  return { answered, slowestMs };
}
