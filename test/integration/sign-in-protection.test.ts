/** Password guessing: it is locked out by account and by source, and the owner's device is not. */
import { describe, expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { keyedHash } from '../../src/security/keys/keyed-hash.ts';
import { createDeviceTokens } from '../../src/security/tokens/device-token.ts';
import {
  goodPassword,
  newAddress,
  registerUser,
  signIn,
  startTestGateway,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullRefreshDocument,
  FullViewerDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
  ResetPasswordDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import {
  accountCounter,
  auditedFor,
  auditedLocks,
  codesOfTries,
  createUser,
  mailsDecided,
  times,
  tryPassword,
  tryRight,
  type Verdict,
} from '../support/people/password-attempts.ts';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** This machine is on the allow-list; a test of the limits by source sets another address. */
const environment = { TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8,198.51.100.7' };

const gateway = useGateway(environment);

const keyRing = createKeyRing([Buffer.from(testSecret, 'base64')]);

const wrong = (email: string, headers: Record<string, string> = {}) => tryPassword(gateway, email, { headers });
const right = (email: string, headers: Record<string, string> = {}) => tryRight(gateway, email, headers);
const from = (...addresses: string[]) => ({ 'x-forwarded-for': addresses.join(', ') });
const withDevice = (token: string) => ({ 'x-device-token': token });
const codes = (email: string, count: number, headers: Record<string, string> = {}) =>
  codesOfTries(gateway, email, count, { headers });

async function lock(email: string): Promise<void> {
  expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
  expect((await wrong(email)).code).toBe('TOO_MANY_ATTEMPTS');
}

/** The device token of a first sign-in. */
async function deviceOf(email: string, headers: Record<string, string> = {}): Promise<string> {
  const { deviceToken } = await right(email, headers);
  if (deviceToken === null) throw new Error('there is no device token in the answer');
  return deviceToken;
}

/** Fails once at each of so many unknown addresses. */
async function failAtManyAccounts(count: number, headers: Record<string, string>): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) seen.push((await wrong(newAddress(), headers)).code);
  return seen;
}

function expectRefusedFor(verdict: Verdict, code: string, seconds: number): void {
  expect(verdict).toMatchObject({ code, status: 429, retryAfter: seconds });
  expect(verdict.headers.get('retry-after')).toBe(String(seconds));
}

async function registerPending(): Promise<string> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return email;
}

/** @returns the new password */
async function resetPassword(email: string): Promise<string> {
  const newPassword = 'Marble 8 galaxies';
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  const token = tokenIn(await gateway.mail.take(email, 'Reset your password'));
  await gateway.send(ResetPasswordDocument, { input: { token, newPassword } });
  return newPassword;
}

describe('the account', () => {
  test('is locked by the fifth wrong password, and the right one does not unlock it early', async () => {
    const email = await createUser(gateway);
    expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 900);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
    gateway.clock.travel(899);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 1);
    gateway.clock.travel(1);
    expect((await right(email)).code).toBe('signed in');
  });

  test('counts from zero after four wrong passwords and a right one', async () => {
    const email = await createUser(gateway);
    for (let round = 0; round < 3; round += 1) {
      expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
      expect((await right(email)).code).toBe('signed in');
    }
    expect(await auditedLocks(gateway.database, email)).toEqual([]);
  });

  test('drops four wrong passwords after a quarter of an hour', async () => {
    const email = await createUser(gateway);
    expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
    gateway.clock.travel(15 * minute);
    expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
    expect((await right(email)).code).toBe('signed in');
  });

  test('gets the same responses for every kind of address through two locks', async () => {
    const kinds = {
      known: await createUser(gateway),
      unknown: newAddress(),
      suspended: await createUser(gateway, 'SUSPENDED'),
      deleted: await createUser(gateway, 'DELETED'),
      pending: await registerPending(),
      invited: await createUser(gateway, 'INVITED'),
    };
    await gateway.database.query('update users set password_hash = null where email = $1', [kinds.invited]);
    for (let step = 0; step < 14; step += 1) {
      if (step === 7) gateway.clock.travel(900);
      const verdicts = await Promise.all(Object.values(kinds).map((email) => wrong(email)));
      const responses = verdicts.map(({ status, text, headers }) => ({
        status,
        text,
        retryAfter: headers.get('retry-after'),
      }));
      expect(new Set(responses.map((answer) => JSON.stringify(answer))).size, `step ${step}`).toBe(1);
      expect(verdicts[0]?.code).toBe(step % 7 < 5 ? 'INVALID_CREDENTIALS' : 'TOO_MANY_ATTEMPTS');
    }
  });

  test('does not count attempts during a lock, and they do not extend it', async () => {
    const email = await createUser(gateway);
    await lock(email);
    const before = await accountCounter(gateway.database, email);
    for (let minutes = 1; minutes <= 10; minutes += 1) {
      gateway.clock.travel(minute);
      expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 900 - minutes * minute);
    }
    expect(await accountCounter(gateway.database, email)).toEqual(before);
    gateway.clock.travel(5 * minute);
    expect((await right(email)).code).toBe('signed in');
  });

  test('gets a retryAfter in whole seconds that is never too early', async () => {
    const email = newAddress();
    await lock(email);
    gateway.clock.travel(100.4);
    const verdict = await wrong(email);
    expectRefusedFor(verdict, 'TOO_MANY_ATTEMPTS', 800);
    gateway.clock.travel(800);
    expect((await wrong(email)).code).toBe('INVALID_CREDENTIALS');
  });

  test.each(['known', 'unknown'])('of an address that is %s has locks that double up to a day', async (kind) => {
    const email = kind === 'known' ? await createUser(gateway) : newAddress();
    const expected = [15, 30, 60, 120, 240, 480, 960, 1440, 1440].map((minutes) => minutes * minute);
    for (const seconds of expected) {
      expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
      expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', seconds);
      gateway.clock.travel(seconds);
    }
  });

  test('has shorter locks again after a right password', async () => {
    const email = await createUser(gateway);
    await lock(email);
    gateway.clock.travel(15 * minute);
    expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 30 * minute);
    gateway.clock.travel(30 * minute);
    expect((await right(email)).code).toBe('signed in');
    expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 15 * minute);
  });

  test('is locked until a reset by a hundred failures in thirty days, despite successes in between', {
    timeout: 60_000,
  }, async () => {
    const email = await createUser(gateway);
    await failWithSuccessesBetween(email, 99);
    expect((await right(email)).code).toBe('signed in');
    expect(await auditedLocks(gateway.database, email)).toEqual([]);
    gateway.clock.travel(day);
    expect((await wrong(email)).code).toBe('INVALID_CREDENTIALS');
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 29 * day);
    gateway.clock.travel(28 * day);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', day);
    expect(await auditedLocks(gateway.database, email)).toHaveLength(1);

    const password = await resetPassword(email);
    expect((await tryPassword(gateway, email, { password })).code).toBe('signed in');
    await lock(email);
    expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 15 * minute);
  });

  test('is unlocked from a hundred failures after thirty days', { timeout: 60_000 }, async () => {
    const email = await createUser(gateway);
    await failWithSuccessesBetween(email, 100);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 30 * day);
    gateway.clock.travel(30 * day - 1);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 1);
    gateway.clock.travel(1);
    expect((await right(email)).code).toBe('signed in');
    await lock(email);
    expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 15 * minute);
  });

  test('that does not exist is locked by a hundred failures like a known one', { timeout: 60_000 }, async () => {
    const [known, unknown] = [await createUser(gateway), newAddress()];
    for (let failures = 0; failures < 100; failures += 4) {
      for (const email of [known, unknown]) expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
      gateway.clock.travel(15 * minute);
    }
    const verdicts = [await wrong(known), await wrong(unknown)];
    expectRefusedFor(verdicts[0] ?? (await wrong(known)), 'TOO_MANY_ATTEMPTS', 30 * day - 25 * 15 * minute);
    expect(verdicts[1]?.text).toBe(verdicts[0]?.text);
  });

  test('has one counter for every spelling of its address', async () => {
    const email = await createUser(gateway);
    const spellings = [
      email.toUpperCase(),
      ` ${email} `,
      email.replace('person', 'PERson'),
      email.replace('person', 'ｐｅｒｓｏｎ'),
      email.replace('example.com', 'ＥＸＡＭＰＬＥ.com'),
    ];
    for (const spelling of spellings) expect((await wrong(spelling)).code).toBe('INVALID_CREDENTIALS');
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('that is suspended loses no attempt by the right password, and its wrong ones are cleared', async () => {
    const email = await createUser(gateway, 'SUSPENDED');
    const password = goodPassword;
    expect(await codesOfTries(gateway, email, 8, { password })).toEqual(times(8, 'ACCOUNT_SUSPENDED'));
    expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
    expect(await codesOfTries(gateway, email, 3, { password })).toEqual(times(3, 'ACCOUNT_SUSPENDED'));
    expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('that is pending loses no attempt by the right password, and its wrong ones stay', async () => {
    const email = await registerPending();
    const password = goodPassword;
    expect(await codesOfTries(gateway, email, 8, { password })).toEqual(times(8, 'EMAIL_NOT_VERIFIED'));
    expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
    expect(await codesOfTries(gateway, email, 3, { password })).toEqual(times(3, 'EMAIL_NOT_VERIFIED'));
    expect(await codes(email, 1)).toEqual(['INVALID_CREDENTIALS']);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('with an impossible address is refused without a count', async () => {
    for (let attempt = 0; attempt < 7; attempt += 1) {
      expect((await wrong('not an address')).code).toBe('BAD_USER_INPUT');
    }
  });

  test('is unlocked by a password reset', async () => {
    const email = await createUser(gateway);
    await lock(email);
    const password = await resetPassword(email);
    expect((await tryPassword(gateway, email, { password })).code).toBe('signed in');
    const unlocked = await gateway.database.query(
      `select details from audit_entries a join users u on u.id::text = a.target_id
       where a.action = 'account.unlocked' and u.email = $1`,
      [email],
    );
    expect(unlocked).toEqual([{ details: { through: 'password_reset' } }]);
    expect(await codes(email, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await wrong(email), 'TOO_MANY_ATTEMPTS', 15 * minute);
  });

  test('is not unlocked by a reset request', async () => {
    const email = await createUser(gateway);
    await lock(email);
    await gateway.send(RequestPasswordResetDocument, { input: { email } });
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('keeps its open sessions during a lock, and they do not clear it', async () => {
    const email = await createUser(gateway);
    const session = await signIn(gateway, email);
    await lock(email);
    const { viewer } = await gateway.send(FullViewerDocument, {}, session.accessToken);
    expect(viewer?.email).toBe(email);
    const { refresh } = await gateway.send(FullRefreshDocument, { input: { refreshToken: session.refreshToken } });
    const next = withRefreshToken(refresh);
    expect((await gateway.send(FullViewerDocument, {}, next.accessToken)).viewer?.email).toBe(email);
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
    const { accessToken } = next;
    expectRefusedFor(await right(email, { authorization: `Bearer ${accessToken}` }), 'TOO_MANY_ATTEMPTS', 900);
  });
});

/** Never five in a row. */
async function failWithSuccessesBetween(email: string, failures: number): Promise<void> {
  for (let done = 0; done < failures; done += 4) {
    if (done > 0) expect((await right(email)).code).toBe('signed in');
    const count = Math.min(4, failures - done);
    expect(await codes(email, count)).toEqual(times(count, 'INVALID_CREDENTIALS'));
  }
}

describe('a lock', () => {
  test('of an account has one audit entry and one mail', async () => {
    const email = await createUser(gateway);
    const [user] = await gateway.database.query<{ id: string }>('select id from users where email = $1', [email]);
    await lock(email);
    await codes(email, 10);
    const lockedUntil = new Date(gateway.clock.now().getTime() + 900_000).toISOString();
    const locks = await auditedLocks(gateway.database, email);
    expect(locks).toMatchObject([{ outcome: 'DENIED', targetId: user?.id, details: { lockedUntil } }]);
    expect(await mailsDecided(gateway.database, 'account_locked', email)).toBe(1);
    const mail = await gateway.mail.take(email);
    expect(mail.text).toContain('too many wrong passwords');
    expect(mail.text).toContain('127.0.0.1');

    gateway.clock.travel(900);
    await lock(email);
    expect(await auditedLocks(gateway.database, email)).toHaveLength(2);
    expect(await mailsDecided(gateway.database, 'account_locked', email)).toBe(2);
  });

  test('of an unknown address is audited without a user, and sends no mail', async () => {
    const email = newAddress();
    await lock(email);
    const locks = await auditedLocks(gateway.database, email);
    expect(locks).toMatchObject([{ outcome: 'DENIED', targetId: null }]);
    // The row stands for the mail of a known account, so that both take the same time. No mail is ever sent for it.
    const mails = await gateway.database.query(
      `select state, attempts, content_sealed as "content" from outbox_mails where kind = $1 and recipient_hash = $2`,
      ['account_locked', keyedHash(keyRing, email)],
    );
    expect(mails).toEqual([{ state: 'sent', attempts: 0, content: null }]);
  });

  test('is audited with the reason of each refusal, and without the input', async () => {
    const known = await createUser(gateway);
    const unknown = newAddress();
    for (const expected of [...times(5, 'INVALID_CREDENTIALS'), 'TOO_MANY_ATTEMPTS']) {
      for (const email of [known, unknown]) expect((await wrong(email)).code).toBe(expected);
      // Entries of the same time have no order.
      gateway.clock.travel(1);
    }
    const reasons = async (email: string) => {
      const rows = await auditedFor<{ outcome: string; details: { reason: string } }>(
        gateway.database,
        'login.refused',
        email,
      );
      return rows.map(({ outcome, details }) => `${outcome} ${details.reason}`);
    };
    expect(await reasons(known)).toEqual([...times(5, 'FAILURE wrong_password'), 'DENIED locked']);
    expect(await reasons(unknown)).toEqual([...times(5, 'FAILURE unknown_address'), 'DENIED locked']);
    const [dump] = await gateway.database.query<{ text: string }>(
      `select coalesce(string_agg(a::text, ' '), '') as text from audit_entries a`,
    );
    expect(dump?.text).not.toContain(known);
    expect(dump?.text).not.toContain(unknown);
    expect(dump?.text).not.toContain('Wrong guess');
  });

  test('has counters without addresses', async () => {
    const email = newAddress();
    await wrong(email, from('203.0.113.77'));
    const rows = await gateway.database.query<{ key: Buffer }>('select key from attempt_counters');
    expect(rows.length).toBeGreaterThan(0);
    for (const { key } of rows) expect(key).toHaveLength(32);
  });
});

describe("the owner's device", () => {
  test('signs in during a permanent attack, and the attacker stays locked out', async () => {
    const email = await createUser(gateway);
    let device = await deviceOf(email);
    let lockSeconds = 15 * minute;
    for (let round = 0; round < 4; round += 1) {
      await lock(email);
      const verdict = await right(email, withDevice(device));
      expect(verdict.code).toBe('signed in');
      device = verdict.deviceToken ?? '';
      expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', lockSeconds);
      gateway.clock.travel(lockSeconds);
      lockSeconds *= 2;
    }
  });

  test('is recognised by its cookie as well', async () => {
    const email = await createUser(gateway);
    const first = await tryPassword(gateway, email, { password: goodPassword, delivery: 'COOKIE' });
    expect(first.deviceToken).toBeNull();
    const cookie = first.headers.getSetCookie().find((text) => text.startsWith('__Host-postern_device='));
    expect(cookie).toMatch(/; Max-Age=15552000;/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute);
    await lock(email);
    expect((await right(email, { cookie: cookie?.split(';')[0] ?? '' })).code).toBe('signed in');
    expectRefusedFor(await right(email), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('used during one lock can be used during the next with its first token', async () => {
    const email = await createUser(gateway);
    const device = await deviceOf(email);
    await lock(email);
    expect((await right(email, withDevice(device))).code).toBe('signed in');
    expect((await right(email, withDevice(device))).code).toBe('signed in');
  });

  test('can fail without locking the account or using up its attempts', async () => {
    const email = await createUser(gateway);
    const device = withDevice(await deviceOf(email));
    expect(await codes(email, 9, device)).toEqual(times(9, 'INVALID_CREDENTIALS'));
    expect(await codes(email, 4)).toEqual(times(4, 'INVALID_CREDENTIALS'));
    expect((await right(email)).code).toBe('signed in');
    expect((await right(email, device)).code).toBe('signed in');
  });

  test.each([
    ['of another user', async () => deviceOf(await createUser(gateway))],
    ['that is forged', async (email: string) => forge(email, Buffer.alloc(32, 'another secret '))],
    ['with a byte changed', async (email: string) => tampered(await deviceOf(email))],
    ['that is truncated', async (email: string) => (await deviceOf(email)).slice(0, -1)],
    ['that is malformed', async () => 'x'.repeat(200)],
    ['that is empty', async () => ''],
  ])('a device token %s is ignored', async (_what, make) => {
    const email = await createUser(gateway);
    const token = await make(email);
    await lock(email);
    for (const headers of [withDevice(token), { cookie: `__Host-postern_device=${token}` }]) {
      expectRefusedFor(await right(email, headers), 'TOO_MANY_ATTEMPTS', 900);
    }
  });

  test('a device token is valid for 180 days', async () => {
    const email = await createUser(gateway);
    const device = withDevice(await deviceOf(email));
    gateway.clock.travel(180 * day - hour);
    await lock(email);
    expect((await right(email, device)).code).toBe('signed in');
    gateway.clock.travel(hour + 1);
    await lock(email);
    expect((await right(email, device)).code).toBe('TOO_MANY_ATTEMPTS');
  });

  test('a device token does not sign in without the password', async () => {
    const email = await createUser(gateway);
    const device = await deviceOf(email);
    expect((await wrong(email, withDevice(device))).code).toBe('INVALID_CREDENTIALS');
    const answer = await gateway.post({ query: '{ viewer { id } }' }, withDevice(device));
    expect(await answer.json()).toMatchObject({ data: { viewer: null } });
  });

  test('loses its trust after ten failures in a quarter of an hour, and is counted like any other afterwards', async () => {
    const email = await createUser(gateway);
    const token = await deviceOf(email);
    const device = withDevice(token);
    const other = withDevice(await deviceOf(email));
    const lostBefore = await trustLost();
    expect(await codes(email, 10, device)).toEqual(times(10, 'INVALID_CREDENTIALS'));
    const deviceId = openedDevice(token);
    expect((await trustLost()).slice(lostBefore.length)).toEqual([{ outcome: 'DENIED', details: { deviceId } }]);
    expect(await auditedLocks(gateway.database, email)).toEqual([]);

    expect(await codes(email, 5, device)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await right(email, device), 'TOO_MANY_ATTEMPTS', 900);
    expect(await auditedLocks(gateway.database, email)).toHaveLength(1);
    expect((await right(email, other)).code).toBe('signed in');

    gateway.clock.travel(179 * day);
    const again = await right(email, device);
    expect(again.code).toBe('signed in');
    await lock(email);
    expectRefusedFor(await right(email, device), 'TOO_MANY_ATTEMPTS', 900);
    expect(openedDevice(again.deviceToken ?? '')).not.toBe(deviceId);
    expect((await right(email, withDevice(again.deviceToken ?? ''))).code).toBe('signed in');
  });

  test('keeps its trust when failures are spread over longer, or a success comes between', async () => {
    const email = await createUser(gateway);
    const device = withDevice(await deviceOf(email));
    for (let round = 0; round < 3; round += 1) {
      expect(await codes(email, 9, device)).toEqual(times(9, 'INVALID_CREDENTIALS'));
      if (round === 1) expect((await right(email, device)).code).toBe('signed in');
      else gateway.clock.travel(15 * minute);
    }
    await lock(email);
    expect((await right(email, device)).code).toBe('signed in');
  });

  const deviceTokens = createDeviceTokens(keyRing);
  const openedDevice = (token: string) => deviceTokens.open(token, gateway.clock.now())?.deviceId;

  async function forge(email: string, secret: Buffer): Promise<string> {
    const [user] = await gateway.database.query<{ id: string }>('select id from users where email = $1', [email]);
    return createDeviceTokens(createKeyRing([secret])).mint(user?.id ?? '', gateway.clock.now());
  }

  function tampered(token: string): string {
    const bytes = Buffer.from(token, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(20) ^ 1, 20);
    return bytes.toString('base64url');
  }

  function trustLost(): Promise<{ outcome: string; details: { deviceId: string } }[]> {
    return gateway.database.query(
      `select outcome, details from audit_entries where action = 'device.trust_lost' order by occurred_at, id`,
    );
  }
});

describe('the source', () => {
  test('is refused after twenty failures over many accounts, but no other source and no known device is', async () => {
    const source = from('203.0.113.1');
    const email = await createUser(gateway);
    const device = await deviceOf(email);
    expect(await failAtManyAccounts(20, source)).toEqual(times(20, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await wrong(newAddress(), source), 'RATE_LIMITED', 900);
    expectRefusedFor(await right(email, source), 'RATE_LIMITED', 900);
    expect((await right(email, { ...source, ...withDevice(device) })).code).toBe('signed in');
    expect((await right(email, from('203.0.113.2'))).code).toBe('signed in');

    gateway.clock.travel(899);
    expectRefusedFor(await right(email, source), 'RATE_LIMITED', 1);
    gateway.clock.travel(1);
    expect((await right(email, source)).code).toBe('signed in');
  });

  test('gets the same refusal for an address that exists and one that does not', async () => {
    const source = from('203.0.113.3');
    const email = await createUser(gateway);
    await failAtManyAccounts(20, source);
    expect((await wrong(email, source)).text).toBe((await wrong(newAddress(), source)).text);
    const entries = await auditedFor<{ outcome: string; details: { reason: string } }>(
      gateway.database,
      'login.refused',
      email,
    );
    expect(entries).toMatchObject([{ outcome: 'DENIED', details: { reason: 'source_limited' } }]);
  });

  test('loses no attempt by refused requests, and neither does the account', async () => {
    const source = from('203.0.113.4');
    const email = await createUser(gateway);
    await lock(email);
    expect(await codes(email, 30, source)).toEqual(times(30, 'TOO_MANY_ATTEMPTS'));
    expect(await failAtManyAccounts(20, source)).toEqual(times(20, 'INVALID_CREDENTIALS'));
    const target = await createUser(gateway);
    expect(await codes(target, 10, source)).toEqual(times(10, 'RATE_LIMITED'));
    expect(await codes(target, 5)).toEqual(times(5, 'INVALID_CREDENTIALS'));
  });

  test('gets back its own attempt, and no more, after a success', async () => {
    const source = from('203.0.113.5');
    const email = await createUser(gateway);
    expect(await failAtManyAccounts(19, source)).toEqual(times(19, 'INVALID_CREDENTIALS'));
    for (let success = 0; success < 5; success += 1) expect((await right(email, source)).code).toBe('signed in');
    expect(await failAtManyAccounts(1, source)).toEqual(['INVALID_CREDENTIALS']);
    expect((await right(email, source)).code).toBe('RATE_LIMITED');
  });

  test('is not charged for a known device, whose failures are counted by device', async () => {
    const source = from('203.0.113.6');
    const email = await createUser(gateway);
    const device = await deviceOf(email);
    expect(await codes(email, 9, { ...source, ...withDevice(device) })).toEqual(times(9, 'INVALID_CREDENTIALS'));
    expect(await failAtManyAccounts(20, source)).toEqual(times(20, 'INVALID_CREDENTIALS'));
  });

  test('is the same for the addresses of one IPv6 /64, and another for the next', async () => {
    for (let host = 1; host <= 20; host += 1) {
      expect((await wrong(newAddress(), from(`2001:db8:0:1::${host.toString(16)}`))).code).toBe('INVALID_CREDENTIALS');
    }
    expect((await wrong(newAddress(), from('2001:db8:0:1:ffff:ffff:ffff:ffff'))).code).toBe('RATE_LIMITED');
    expect((await wrong(newAddress(), from('2001:DB8:0000:0001::99'))).code).toBe('RATE_LIMITED');
    expect((await wrong(newAddress(), from('2001:db8:0:2::1'))).code).toBe('INVALID_CREDENTIALS');
  });

  /** Fails from sixteen /64s of one /48, up to the limit of each. */
  async function exhaustNetwork(network: string, failures: number): Promise<void> {
    for (let subnet = 0; subnet < 16; subnet += 1) {
      const source = from(`${network}:${subnet.toString(16)}::1`);
      expect(await failAtManyAccounts(failures, source)).toEqual(times(failures, 'INVALID_CREDENTIALS'));
    }
  }

  test('the /64s of one IPv6 /48 share sixteen times the failures of one source', { timeout: 60_000 }, async () => {
    const email = await createUser(gateway);
    await exhaustNetwork('2001:db8:48', 20);
    for (const address of ['2001:db8:48:10::1', '2001:db8:48:ffff::1', '2001:DB8:0048:1234:5::']) {
      expectRefusedFor(await right(email, from(address)), 'RATE_LIMITED', 900);
    }
    expect((await right(email, from('2001:db8:49::1'))).code).toBe('signed in');
    gateway.clock.travel(900);
    expect((await right(email, from('2001:db8:48:10::1'))).code).toBe('signed in');
  });

  test('the /64s of one IPv6 /48 may fail at 480 accounts within an hour', { timeout: 90_000 }, async () => {
    const email = await createUser(gateway);
    await exhaustNetwork('2001:db8:50', 15);
    gateway.clock.travel(16 * minute);
    await exhaustNetwork('2001:db8:50', 15);
    gateway.clock.travel(16 * minute);
    expectRefusedFor(await right(email, from('2001:db8:50:10::1')), 'RATE_LIMITED', 28 * minute);
    expect((await right(email, from('2001:db8:51::1'))).code).toBe('signed in');
  });

  test('of one /64 is refused or succeeds without an effect on the others of its /48', async () => {
    const email = await createUser(gateway);
    const source = from('2001:db8:52:1::1');
    expect(await failAtManyAccounts(20, source)).toEqual(times(20, 'INVALID_CREDENTIALS'));
    expect(await codes(email, 5, source)).toEqual(times(5, 'RATE_LIMITED'));
    expect((await right(email, from('2001:db8:52:2::1'))).code).toBe('signed in');
    const network = await gateway.database.query<{ attempts: number; failures: number }>(
      `select attempts, failures from attempt_counters where bucket = 'source' and key = $1`,
      [keyedHash(keyRing, 'source', '2001:db8:52::/48')],
    );
    expect(network).toEqual([{ attempts: 20, failures: 20 }]);
  });

  test('of an IPv4 address mapped into IPv6 is that IPv4 address, and its neighbours are other sources', async () => {
    const spellings = ['::ffff:203.0.113.8', '::FFFF:203.0.113.8', '::ffff:cb00:7108', '203.0.113.8'];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const verdict = await wrong(newAddress(), from(spellings[attempt % 4] ?? ''));
      expect(verdict.code).toBe('INVALID_CREDENTIALS');
    }
    for (const spelling of spellings) expect((await wrong(newAddress(), from(spelling))).code).toBe('RATE_LIMITED');
    expect((await wrong(newAddress(), from('::ffff:203.0.113.9'))).code).toBe('INVALID_CREDENTIALS');
  });

  test('is not changed by X-Forwarded-For of the client', async () => {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const verdict = await wrong(newAddress(), from(`192.0.2.${attempt}`, '10.0.0.1', '203.0.113.10'));
      expect(verdict.code).toBe('INVALID_CREDENTIALS');
    }
    expect((await wrong(newAddress(), from('192.0.2.200', '203.0.113.10'))).code).toBe('RATE_LIMITED');
    expect((await wrong(newAddress(), from('127.0.0.1', '203.0.113.10'))).code).toBe('RATE_LIMITED');
    expect((await wrong(newAddress(), from('198.51.100.7', '203.0.113.10'))).code).toBe('RATE_LIMITED');
  });

  test('on the allow-list is never refused, but its failures lock the account', async () => {
    const source = from('198.51.100.7');
    expect(await failAtManyAccounts(40, source)).toEqual(times(40, 'INVALID_CREDENTIALS'));
    const email = await createUser(gateway);
    expect(await codes(email, 5, source)).toEqual(times(5, 'INVALID_CREDENTIALS'));
    expectRefusedFor(await right(email, source), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('does not matter to the account lock under a distributed attack', async () => {
    const email = await createUser(gateway);
    for (let host = 1; host <= 5; host += 1) {
      expect((await wrong(email, from(`192.0.2.${host}`))).code).toBe('INVALID_CREDENTIALS');
    }
    expectRefusedFor(await right(email, from('192.0.2.6')), 'TOO_MANY_ATTEMPTS', 900);
  });

  test('is refused after failures at thirty accounts within an hour, until the hour is over', async () => {
    const source = from('203.0.113.11');
    expect(await failAtManyAccounts(15, source)).toEqual(times(15, 'INVALID_CREDENTIALS'));
    gateway.clock.travel(16 * minute);
    expect(await failAtManyAccounts(15, source)).toEqual(times(15, 'INVALID_CREDENTIALS'));
    gateway.clock.travel(16 * minute);
    const email = await createUser(gateway);
    expectRefusedFor(await right(email, source), 'RATE_LIMITED', 28 * minute);
    expect((await right(email, from('203.0.113.12'))).code).toBe('signed in');
    gateway.clock.travel(28 * minute);
    expect((await right(email, source)).code).toBe('signed in');
  });

  test('may fail again at the same few accounts', async () => {
    const source = from('203.0.113.13');
    const accounts = [newAddress(), newAddress(), newAddress(), newAddress()];
    for (let round = 0; round < 3; round += 1) {
      for (const email of accounts) expect(await codes(email, 4, source)).toEqual(times(4, 'INVALID_CREDENTIALS'));
      gateway.clock.travel(15 * minute);
    }
    expect(await failAtManyAccounts(20, source)).toEqual(times(20, 'INVALID_CREDENTIALS'));
  });
});

describe('settings', () => {
  test('LOCKOUT sets the number of failures and the duration; without TRUSTED_PROXIES no proxy is trusted', async () => {
    const other = await startTestGateway({ LOCKOUT: '3/1m' });
    try {
      const email = await registerUser(other);
      for (const seconds of [60, 120]) {
        expect(await codesOfTries(other, email, 3)).toEqual(times(3, 'INVALID_CREDENTIALS'));
        expectRefusedFor(await tryRight(other, email), 'TOO_MANY_ATTEMPTS', seconds);
        other.clock.travel(seconds);
      }
      expect((await tryRight(other, email)).code).toBe('signed in');
      for (let attempt = 0; attempt < 14; attempt += 1) {
        const verdict = await tryPassword(other, newAddress(), { headers: from(`192.0.2.${attempt}`) });
        expect(verdict.code).toBe('INVALID_CREDENTIALS');
      }
      const verdict = await tryPassword(other, newAddress(), { headers: from('192.0.2.250') });
      expectRefusedFor(verdict, 'RATE_LIMITED', 720);
    } finally {
      await other.stop();
    }
  });
});
