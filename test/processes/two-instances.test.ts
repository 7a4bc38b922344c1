/** Two processes of one deployment: a decision of one takes effect at the other at once. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createPosternClient } from '../../packages/client/src/client.ts';
import { untilConfirmed } from '../support/gateway/confirmation.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { type Endpoint, endpointAt, signInAt, viewerAt } from '../support/gateway/endpoint.ts';
import {
  goodPassword,
  limitsOff,
  lockoutOff,
  refusal,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { openStream, sessionEvents } from '../support/gateway/streams.ts';
import {
  FullRefreshDocument,
  LogoutDocument,
  RegisterDocument,
  RevokeOtherSessionsDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { type MailServer, recipientsOf, startMailServer, tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { clockAheadBy } from '../support/processes/clock.ts';
import { createProcessRunner, type RunningProcess } from '../support/processes/processes.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

// Each process takes a second or two to load, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });
/** All tests of this file share two processes, however busy the machine is. */
const lifetimeMs = 900_000;
const runner = createProcessRunner();
let database: TestDatabase;
let mail: MailServer;
let one: Endpoint;
let other: Endpoint;
beforeAll(async () => {
  // Empty: one of the two has to migrate it and create the first keys.
  database = await createTestDatabase({ empty: true });
  mail = await startMailServer();
  [one, other] = await Promise.all([start(), start()]);
});
afterAll(async () => {
  await runner.clear();
  await mail.stop();
  await database.drop();
});

async function start(): Promise<Endpoint> {
  return (await startProcess()).door;
}

async function startProcess(
  settings: Record<string, string> = {},
): Promise<{ door: Endpoint; process: RunningProcess }> {
  const port = await freePort();
  const env = { ...environment(), PORT: String(port), ...settings };
  const process = runner.start(['serve'], { env, lifetimeMs });
  await process.says('"msg":"listening"');
  return { door: endpointAt(port), process };
}

function environment(): Record<string, string> {
  return {
    NODE_ENV: 'production',
    SHUTDOWN_DELAY: '0s',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'https://auth.example.com',
    DATABASE_URL: database.url,
    SMTP_URL: mail.url,
    MAIL_FROM: 'Postern <no-reply@auth.example.com>',
    SECRET: testSecret,
    // All of this comes from one address.
    RATE_LIMITS: limitsOff,
    ...lockoutOff,
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_PASSES: '5',
  };
}

let serial = 0;
async function registered(): Promise<string> {
  serial += 1;
  const email = `person${serial}@example.com`;
  await one.send(RegisterDocument, { input: { email, password: goodPassword } });
  await other.send(VerifyEmailDocument, { input: { token: tokenIn(await mail.take(email)) } });
  return email;
}

async function refreshAt(endpoint: Endpoint, refreshToken: string) {
  return withRefreshToken((await endpoint.send(FullRefreshDocument, { input: { refreshToken } })).refresh);
}

async function expectSignedOutAt(endpoint: Endpoint, accessToken: string): Promise<void> {
  const asked = await refusal(viewerAt(endpoint, accessToken));
  expect(asked).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { reason: 'SESSION_REVOKED' } });
}

test('both instances publish the same keys', async () => {
  const keys = await one.read('/.well-known/jwks.json');
  expect(JSON.parse(keys).keys).toHaveLength(2);
  expect(await other.read('/.well-known/jwks.json')).toBe(keys);
});

test('a user registers at one instance, confirms at the other, signs in at one and is recognised at the other', async () => {
  const email = await registered();
  const session = await signInAt(one, email);
  expect(await viewerAt(other, session.accessToken)).toMatchObject({ email });
  expect(mail.mails.filter((sent) => recipientsOf(sent).includes(email))).toHaveLength(0);
});

test('a logout at one instance takes effect at the other at once', async () => {
  const session = await signInAt(one, await registered());
  await viewerAt(one, session.accessToken);
  await other.send(LogoutDocument, { input: {} }, session.accessToken);
  await expectSignedOutAt(one, session.accessToken);
  await expectSignedOutAt(other, session.accessToken);
  expect(await refusal(refreshAt(one, session.refreshToken))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
});

test('a suspension in the database takes effect at both instances at once', async () => {
  const email = await registered();
  const session = await signInAt(one, email);
  await viewerAt(other, session.accessToken);
  await database.query(`update users set status = 'SUSPENDED' where email = $1`, [email]);
  await expectSignedOutAt(one, session.accessToken);
  await expectSignedOutAt(other, session.accessToken);
});

test('a refresh at one instance counts at the other: the successor works, and the old token ends the session there', async () => {
  const session = await signInAt(one, await registered());
  const second = await refreshAt(other, session.refreshToken);
  const third = await refreshAt(one, second.refreshToken);
  expect(await viewerAt(other, third.accessToken)).toMatchObject({ email: session.viewer.email });
  expect(await refusal(refreshAt(other, session.refreshToken))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  await expectSignedOutAt(one, third.accessToken);
});

test('parallel refreshes of one token at both instances give one successor and one rotation', async () => {
  const session = await signInAt(one, await registered());
  const answers = await atOnce(60, (caller) => refreshAt(caller % 2 ? one : other, session.refreshToken));
  expect(codesOf(answers)).toEqual({});
  expect(new Set(valuesOf(answers).map(({ refreshToken }) => refreshToken)).size).toBe(1);
  const rotations = await auditTrail(database, 'session.refreshed');
  expect(rotations.filter(({ sessionId }) => sessionId === session.session.id)).toHaveLength(1);
});

test('parallel visits of one confirmation link at both instances create one user, and repeats get the same response', async () => {
  const email = 'together@example.com';
  await one.send(RegisterDocument, { input: { email, password: goodPassword } });
  const token = tokenIn(await mail.take(email));
  const answers = await atOnce(30, (caller) =>
    (caller % 2 ? one : other).send(VerifyEmailDocument, { input: { token } }),
  );
  expect(codesOf(answers)).toEqual({});
  expect(valuesOf(answers)).toEqual(answers.map(() => ({ verifyEmail: { verified: true } })));
  const users = await database.query<{ id: string }>('select id from users where email = $1', [email]);
  expect(users).toHaveLength(1);
  for (const action of ['registration.confirmed', 'user.created']) {
    const entries = await auditTrail(database, action);
    expect(entries.filter(({ targetId }) => targetId === users[0]?.id)).toHaveLength(1);
  }
  expect(mail.mails.filter((sent) => recipientsOf(sent).includes(email))).toHaveLength(0);
});

test('an instance killed before it recorded a use leaves the used token valid at the other', async () => {
  const { door: killed, process } = await startProcess();
  const { door: strict } = await startProcess({ REFRESH_GRACE: '0s' });
  const session = await signInAt(one, await registered());
  const successor = await refreshAt(one, session.refreshToken);
  await viewerAt(killed, successor.accessToken);
  process.send('SIGKILL');
  await process.ended;
  const again = await refreshAt(strict, session.refreshToken);
  expect(again.refreshToken).toBe(successor.refreshToken);
  await viewerAt(one, again.accessToken);
  await untilConfirmed({ database }, session.session.id);
  expect(await refusal(refreshAt(strict, session.refreshToken))).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
  await expectSignedOutAt(one, successor.accessToken);
});

test('a stream at one instance tells of a sign-out at the other within a second', async () => {
  const session = await signInAt(one, await registered());
  const stream = await openStream(one.url, { query: sessionEvents }, session.accessToken);
  await other.send(LogoutDocument, { input: {} }, session.accessToken);
  await stream.ended(1000);
  expect(stream.messages[0]?.data?.sessionEvents).toMatchObject({ reason: 'SIGNED_OUT' });
});

test('a client whose instance is killed follows the other', async () => {
  const { door: killed, process } = await startProcess();
  const email = await registered();
  let isKilled = false;
  const reached: string[] = [];
  const ends: string[] = [];
  const client = createPosternClient({
    url: killed.url,
    live: true,
    // As a load balancer.
    fetch: async (input, init) => {
      const url = String(input);
      const target = isKilled ? url.replace(killed.url, one.url) : url;
      const response = await fetch(target, init);
      if (target.endsWith('/stream') && response.ok) reached.push(target);
      return response;
    },
    onSessionEnd: ({ reason }) => ends.push(reason),
  });
  try {
    await client.login({ email, password: goodPassword });
    await until('a stream', () => reached.length === 1);
    isKilled = true;
    process.send('SIGKILL');
    await process.ended;
    await until('a stream at the other', () => reached.length === 2, 30_000);
    const elsewhere = await signInAt(other, email);
    await other.send(RevokeOtherSessionsDocument, { input: {} }, elsewhere.accessToken);
    await until('the end of the session', () => ends[0] === 'REVOKED');
  } finally {
    client.close();
  }
});

test('an instance with a clock one hour ahead ends no session, seals nothing, and reports that it is not ready', async () => {
  const { door: ahead } = await startProcess({ ...clockAheadBy(3600), REFRESH_GRACE: '0s' });
  const readiness = await fetch(`${ahead.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.text()).toMatch(/^clock: failed \(3600 s ahead of the database: check NTP\)$/m);
  const session = await signInAt(ahead, await registered());
  expect(await viewerAt(one, session.accessToken)).toMatchObject({ email: session.viewer.email });
  const second = await refreshAt(one, session.refreshToken);
  const third = await refreshAt(ahead, second.refreshToken);
  expect(await viewerAt(one, third.accessToken)).toMatchObject({ email: session.viewer.email });
  const [newest] = await database.query<{ late: number }>(
    `select extract(epoch from max(occurred_at) - now())::float8 as late from audit_entries`,
  );
  expect(newest?.late).toBeLessThan(2);
  await runner.run(['audit', 'checkpoint'], { env: { ...environment(), ...clockAheadBy(3600) } });
  await signInAt(other, session.viewer.email);
  const env = environment();
  await runner.run(['audit', 'checkpoint'], { env });
  expect(await runner.run(['audit', 'verify'], { env })).toMatchObject({ code: 0 });
}, 120_000);

test.each([45, -45])(
  'an instance with a clock %i s ahead applies the same grace period',
  async (seconds) => {
    const grace = { REFRESH_GRACE: '30s' };
    const { door: apart } = await startProcess({ ...clockAheadBy(seconds), ...grace });
    const { door: right } = await startProcess(grace);
    const orders = [
      { rotatedAt: apart, repeatedAt: right },
      { rotatedAt: right, repeatedAt: apart },
    ];
    for (const { rotatedAt, repeatedAt } of orders) {
      const session = await signInAt(rotatedAt, await registered());
      const successor = await refreshAt(rotatedAt, session.refreshToken);
      await viewerAt(rotatedAt, successor.accessToken);
      await untilConfirmed({ database }, session.session.id);
      expect((await refreshAt(repeatedAt, session.refreshToken)).refreshToken).toBe(successor.refreshToken);
    }
  },
  120_000,
);

test('an instance with a clock five seconds ahead serves, and reports the skew', async () => {
  const { door: endpoint } = await startProcess(clockAheadBy(5));
  const readiness = await fetch(`${endpoint.url}/readyz`);
  expect(readiness.status).toBe(200);
  expect(await readiness.text()).toMatch(/^clock: degraded \(5 s ahead of the database: check NTP\)$/m);
});
