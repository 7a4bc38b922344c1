/**
 * Many registrations and confirmations of one address at once: one user gets the address, and the number of mails is
 * limited.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { RegisterDocument, VerifyEmailDocument } from '../support/generated/graphql.ts';
import { recipientsOf, tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';
import { until } from '../support/races/until.ts';

let gateway: TestGateway;
beforeAll(async () => {
  // Twenty callers that lost try their passwords from one address: the limit of failures by source would refuse the
  // last three.
  gateway = await startTestGateway(lockoutOff);
});
afterAll(() => gateway.stop());

function register(email: string, password = goodPassword) {
  return gateway.send(RegisterDocument, { input: { email, password } });
}

function verify(token: string) {
  return gateway.send(VerifyEmailDocument, { input: { token } });
}

/** Registers over HTTP, so that the status and the headers of a refusal are visible. */
function postRegistration(email: string, password: string): Promise<Answer> {
  return answerOf(gateway.post(bodyOf(RegisterDocument, { input: { email, password } })));
}

async function usersWith(email: string) {
  return gateway.database.query<{ id: string }>('select id from users where email = $1', [email]);
}

async function pendingOf(email: string): Promise<number> {
  return (await gateway.database.query('select id from registrations where email = $1', [email])).length;
}

/** The tokens of all mails to an address, once so many have arrived. */
async function tokensTo(email: string, count: number): Promise<string[]> {
  const mailed = () => gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(email));
  await until(`${count} mails to ${email}`, () => mailed().length >= count);
  return mailed().map(tokenIn);
}

/** Checks that every response is one of the two documented ones. @returns how many of them were "sent" */
function expectOrderly(answers: readonly Answer[]): number {
  const refused = answers.filter(({ errors }) => errors.length > 0);
  for (const answer of refused) {
    const { extensions } = errorOf(answer);
    expect(extensions).toMatchObject({ code: 'SERVICE_BUSY' });
    expect([1, 2, 3]).toContain(extensions.retryAfter);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe(String(extensions.retryAfter));
  }
  const sent = answers.filter(({ errors }) => errors.length === 0);
  for (const answer of sent) {
    expect(answer).toMatchObject({ status: 200, data: { register: { status: 'VERIFICATION_SENT' } } });
  }
  return sent.length;
}

function registerMany(email: string, callers: number): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: callers }, (_, caller) => postRegistration(email, `${goodPassword} ${caller}`)),
  );
}

/** The highest number of pending registrations during the work. */
async function mostPendingDuring(email: string, work: Promise<unknown>): Promise<number> {
  let most = 0;
  let working = true;
  const ended = work.finally(() => {
    working = false;
  });
  while (working) most = Math.max(most, await pendingOf(email));
  await ended;
  return most;
}

test('two hundred parallel registrations of one address leave three pending and send three mails', {
  timeout: 60_000,
}, async () => {
  const email = newAddress();
  const flood = registerMany(email, 200);
  expect(await mostPendingDuring(email, flood)).toBeLessThanOrEqual(3);
  expect(expectOrderly(await flood)).toBeGreaterThanOrEqual(3);
  expect(await pendingOf(email)).toBe(3);
  expect(await gateway.database.query(`select id from outbox_mails where kind = 'verify_email'`)).toHaveLength(3);
  expect(await tokensTo(email, 3)).toHaveLength(3);
});

test('any number of registrations of an address leaves the mailed links valid', {
  timeout: 60_000,
}, async () => {
  const email = newAddress();
  for (const last of '123') await register(email, `${goodPassword} ${last}`);
  const tokens = await tokensTo(email, 3);
  gateway.clock.travel(60);
  expectOrderly(await registerMany(email, 20));
  const answers = await atOnce(tokens.length, (caller) => verify(tokens[caller] ?? ''));
  expect(codesOf(answers)).toEqual({ INVALID_TOKEN: 2 });
  expect(await usersWith(email)).toHaveLength(1);
});

test('of three links of one address followed at once, one creates the user', { timeout: 60_000 }, async () => {
  const emails = Array.from({ length: 10 }, newAddress);
  const passwords = [...'123'].map((last) => `${goodPassword} ${last}`);
  for (const email of emails) for (const password of passwords) await register(email, password);
  for (const email of emails) {
    const tokens = await tokensTo(email, 3);
    const answers = await atOnce(tokens.length, (caller) => verify(tokens[caller] ?? ''));
    const users = await usersWith(email);
    expect(users).toHaveLength(1);
    expect(codesOf(answers)).toEqual({ INVALID_TOKEN: 2 });
    expect(await pendingOf(email)).toBe(0);

    const signedIn = await atOnce(passwords.length, (caller) => signIn(gateway, email, passwords[caller]));
    expect(codesOf(signedIn)).toEqual({ INVALID_CREDENTIALS: 3 });
  }
});

test('a token used fifty times at once creates one user', async () => {
  const email = newAddress();
  await register(email);
  const [token = ''] = await tokensTo(email, 1);
  const line = { text: 'select from registrations where email = $1 for update', values: [email], waiting: 5 };
  const answers = await raceBehindLock(gateway.database, line, () => atOnce(50, () => verify(token)));
  expect(valuesOf(answers)).toHaveLength(50);
  const users = await usersWith(email);
  expect(users).toHaveLength(1);
  const created = await auditTrail(gateway.database, 'user.created');
  expect(created.filter(({ targetId }) => targetId === users[0]?.id)).toHaveLength(1);
});

test('a registration of an address during its confirmation neither fails nor creates a second user', {
  timeout: 60_000,
}, async () => {
  const emails = Array.from({ length: 15 }, newAddress);
  for (const email of emails) for (const last of '12') await register(email, `${goodPassword} ${last}`);
  for (const email of emails) {
    const tokens = await tokensTo(email, 2);
    const strangers = atOnce(4, (caller) => register(email, `Stranger 9 ${caller} comes`));
    const owner = await atOnce(tokens.length, (caller) => verify(tokens[caller] ?? ''));
    expect(codesOf(await strangers)).toEqual({});
    // An attacker's registration may have replaced an older one; it never changes a response.
    expect(Object.keys(codesOf(owner)).filter((code) => code !== 'INVALID_TOKEN')).toEqual([]);
    expect(await usersWith(email)).toHaveLength(valuesOf(owner).length);
    const passwords = ['1', '2'].map((last) => `${goodPassword} ${last}`).concat('Stranger 9 0 comes');
    const signedIn = await atOnce(passwords.length, (caller) => signIn(gateway, email, passwords[caller]));
    expect(valuesOf(signedIn)).toEqual([]);
  }
});

test('without verification, one of fifty parallel registrations of an address succeeds', async () => {
  const open = await startTestGateway({ EMAIL_VERIFICATION: 'off' });
  try {
    const email = newAddress();
    const answers = await atOnce(50, (caller) =>
      open.send(RegisterDocument, { input: { email, password: `${goodPassword} ${caller}` } }),
    );
    expect(valuesOf(answers)).toEqual([{ register: { status: 'ACTIVE' } }]);
    const { EMAIL_TAKEN: taken = 0, SERVICE_BUSY: busy = 0 } = codesOf(answers);
    expect(taken + busy).toBe(49);
    expect(await open.database.query('select id from users')).toHaveLength(1);
    const winner = answers.findIndex(({ error }) => error === null);
    const { viewer } = await signIn(open, email, `${goodPassword} ${winner}`);
    expect(viewer).toMatchObject({ email });
  } finally {
    await open.stop();
  }
});
