/**
 * The hook `importUser`: users of a former system sign in with their passwords there, and are created by that. Nothing
 * about an answer tells which of the systems knows an address.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answerOf, comparable } from '../support/gateway/answer.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import {
  CreateUserDocument,
  FullLoginDocument,
  RegisterDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer, challenge, codeAt } from '../support/people/authenticator.ts';
import { oldPassword, storedHash } from '../support/people/imported.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';
import { allow, type HookReply, type HookServer, refuse, startHookServer } from '../support/servers/hook-server.ts';

/** Limits of sources are off, and the lockout of accounts is on. */
const settings = { RATE_LIMIT_ALLOWLIST: '127.0.0.0/8', LOCKOUT: '5/15m' };
const wrong = 'Linger 8 candles';
const timeoutMs = 300;

let hooks: HookServer;
let gateway: TestGateway;
beforeAll(async () => {
  hooks = await startHookServer();
  const file = await hooks.settings({ importUser: { timeout: `${timeoutMs}ms` } });
  gateway = await startTestGateway({ ...settings, ...file });
});
afterAll(async () => {
  await gateway.stop();
  await hooks.stop();
});
afterEach(() => {
  hooks.reset();
  // Failures of one test open no circuit in the next one, and are recorded again.
  gateway.clock.travel(61);
});

const login = (email: string, password = oldPassword, at = gateway) =>
  at.post(bodyOf(FullLoginDocument, { input: { email, password } }));
const refusedLogin = (email: string, password = oldPassword, at = gateway) => refusal(signIn(at, email, password));
const asked = () => hooks.callsOf('importUser').map(({ data }) => data);
const usersOf = (email: string) =>
  gateway.database.query<object>(
    `select status, role_name as role, display_name as name, locale, email_verified_at is not null as verified
     from users where email = $1`,
    [email],
  );

/** The former system has this user, and the password is right. */
function hasUser(user: object = {}): void {
  hooks.on('importUser', ({ data }) =>
    data.password === oldPassword
      ? allow({ user: { externalId: data.email, emailVerified: true, ...user } })
      : refuse(),
  );
}

const hasNoUser = () => hooks.on('importUser', () => allow({ user: null }));

describe('a user of the former system', () => {
  test('signs in with the password there, and is created by that', async () => {
    const email = newAddress();
    hasUser({
      email,
      externalId: 'old-1',
      displayName: 'Ada Lovelace',
      locale: 'de',
      createdAt: '2021-03-04T05:06:07Z',
    });
    const { viewer } = await signIn(gateway, ` ${email.toUpperCase()}`, oldPassword);
    expect(asked()).toEqual([{ email, password: oldPassword }]);
    expect(viewer.email).toBe(email);
    expect(await usersOf(email)).toEqual([
      { status: 'ACTIVE', role: 'USER', name: 'Ada Lovelace', locale: 'de', verified: true },
    ]);
    expect(await storedHash(gateway, email)).toMatch(/^\$argon2id\$/);
    expect((await auditTrail(gateway.database, 'user.created')).at(-1)).toMatchObject({
      ...{ actorId: null, targetId: viewer.id, ipAddress: '127.0.0.1' },
      details: { role: 'USER', through: 'import', importId: expect.any(String) },
    });
    const [origin] = await gateway.database.query('select source, external_id from imported_users where user_id = $1', [
      viewer.id,
    ]);
    expect(origin).toEqual({ source: 'hook', external_id: 'old-1' });
  });

  test('is not asked about again, and signs in without the former system', async () => {
    const email = newAddress();
    hasUser();
    await signIn(gateway, email, oldPassword);
    hooks.on('importUser', () => ({ status: 500, body: '' }));
    await signIn(gateway, email, oldPassword);
    expect((await refusedLogin(email, wrong)).code).toBe('INVALID_CREDENTIALS');
    expect(asked()).toHaveLength(1);
  });

  test('keeps the second factor', async () => {
    const email = newAddress();
    const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    hasUser({ totpSecret });
    const { ticket } = await challenge(gateway, email, { password: oldPassword });
    await answer(gateway, ticket, codeAt(totpSecret, gateway.clock.now()));
  });

  test('with an unverified address gets a mail, whose link creates the account', async () => {
    const email = newAddress();
    hasUser({ emailVerified: false, displayName: 'Ada' });
    expect((await refusedLogin(email)).code).toBe('EMAIL_NOT_VERIFIED');
    expect(await usersOf(email)).toEqual([]);
    const token = tokenIn(await gateway.mail.take(email, 'Confirm your e-mail address'));
    await gateway.send(VerifyEmailDocument, { input: { token } });
    await signIn(gateway, email, oldPassword);
    expect(await usersOf(email)).toMatchObject([{ status: 'ACTIVE', name: 'Ada', verified: true }]);
    expect(asked()).toHaveLength(1);
  });

  test('signs in although another person has registered the address', async () => {
    const email = newAddress();
    await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
    hasUser();
    await signIn(gateway, email, oldPassword);
    expect(await gateway.database.query('select from registrations where email = $1', [email])).toEqual([]);
    expect((await refusedLogin(email, goodPassword)).code).toBe('INVALID_CREDENTIALS');
  });

  test('is not created again after the account was purged', async () => {
    const email = newAddress();
    hasUser();
    const { viewer } = await signIn(gateway, email, oldPassword);
    await gateway.database.query('delete from users where id = $1', [viewer.id]);
    // Not by what the process remembers.
    gateway.clock.travel(601);
    expect((await refusedLogin(email)).code).toBe('INVALID_CREDENTIALS');
    expect(await usersOf(email)).toEqual([]);
  });
});

describe('the former system is not asked', () => {
  test('about an address that has an account in any state', async () => {
    hasUser();
    const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
    const invited = newAddress();
    await gateway.send(CreateUserDocument, { input: { email: invited, role: 'USER' } }, accessToken);
    const [suspended, deleted, active] = [
      await registerUser(gateway),
      await registerUser(gateway),
      await registerUser(gateway),
    ];
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [suspended]);
    await gateway.database.query(`update users set status = 'DELETED', deleted_at = now() where email = $1`, [deleted]);
    hooks.reset();
    hasUser();
    for (const email of [invited, suspended, deleted, active])
      expect((await refusedLogin(email)).code).toBe('INVALID_CREDENTIALS');
    expect(asked()).toEqual([]);
  });

  test('with an empty password, which directories accept as an anonymous sign-in', async () => {
    hooks.on('importUser', () => allow({ user: { emailVerified: true } }));
    expect((await refusedLogin(newAddress(), '')).code).toBe('INVALID_CREDENTIALS');
    expect(asked()).toEqual([]);
  });

  test('while the account counter is locked', async () => {
    const email = newAddress();
    hasUser();
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect((await refusedLogin(email, `${wrong} ${attempt}`)).code).toBe('INVALID_CREDENTIALS');
    expect(asked()).toHaveLength(5);
    expect((await refusedLogin(email)).code).toBe('TOO_MANY_ATTEMPTS');
    expect(asked()).toHaveLength(5);
    expect(await usersOf(email)).toEqual([]);
  });

  test('for ten minutes about an address that it does not have', async () => {
    const email = newAddress();
    hasNoUser();
    await refusedLogin(email);
    hasUser();
    gateway.clock.travel(9 * 60);
    expect((await refusedLogin(email)).code).toBe('INVALID_CREDENTIALS');
    expect(asked()).toHaveLength(1);
    gateway.clock.travel(61);
    await signIn(gateway, email, oldPassword);
  });

  test('twice about a wrong password, and is asked about another one', async () => {
    const email = newAddress();
    hasUser();
    await refusedLogin(email, wrong);
    await refusedLogin(email, wrong);
    expect(asked()).toEqual([{ email, password: wrong }]);
    await signIn(gateway, email, oldPassword);
  });
});

describe('an address without an account', () => {
  test('gets the answer and the entry of a wrong password, after the same time', async () => {
    const known = await registerUser(gateway);
    const [unknown, remembered, elsewhere] = [newAddress(), newAddress(), newAddress()];
    hooks.on('importUser', ({ data }) => (data.email === elsewhere ? refuse({ reason: 'WRONG' }) : allow()));
    await refusedLogin(remembered, wrong);
    const answers = [];
    for (const email of [known, unknown, remembered, elsewhere]) {
      const begun = performance.now();
      answers.push(comparable(await answerOf(login(email, wrong))));
      // A timer may end up to a millisecond early.
      expect([email, performance.now() - begun > timeoutMs - 1]).toEqual([email, true]);
    }
    expect(new Set(answers).size).toBe(1);
    const reasons = (await auditTrail(gateway.database, 'login.refused'))
      .slice(-3)
      .map(({ details }) => details.reason);
    expect(reasons).toEqual(['unknown_address', 'unknown_address', 'unknown_address']);
  });

  test('takes no longer while the former system hangs', async () => {
    const { promise, resolve } = Promise.withResolvers<HookReply>();
    hooks.on('importUser', () => promise);
    const lenient = await startTestGateway(
      { ...settings, ...(await hooks.settings({ importUser: { timeout: `${timeoutMs}ms`, onFailure: 'continue' } })) },
      gateway,
    );
    const [email, known] = [newAddress(), await registerUser(gateway)];
    const timeOf = async (address: string) => {
      const begun = performance.now();
      expect((await refusedLogin(address, wrong, lenient)).code).toBe('INVALID_CREDENTIALS');
      return performance.now() - begun;
    };
    // The first failure of a minute is recorded.
    await timeOf(newAddress());
    expect(Math.abs((await timeOf(email)) - (await timeOf(known)))).toBeLessThan(80);
    resolve(allow({ user: { emailVerified: true } }));
    await lenient.end();
    expect(await usersOf(email)).toEqual([]);
  });
});

describe('a failure', () => {
  test.each<[string, HookReply]>([
    ['an error of the server', { status: 500, body: '' }],
    ['text', { body: 'yes' }],
    ['a user with another address', allow({ user: { email: 'eve@example.com', emailVerified: true } })],
    ['a user with a role', allow({ user: { emailVerified: true, role: 'ADMIN' } })],
    ['a user with permissions', allow({ user: { emailVerified: true, permissions: ['users:read'] } })],
    ['a name that changes its direction', allow({ user: { emailVerified: true, displayName: '\u202e' } })],
    ['an unverified user with such a name', allow({ user: { displayName: '\u202e' } })],
    ['an unknown provider', allow({ user: { emailVerified: true, identities: [{ provider: 'x', subject: '1' }] } })],
    ['a list of users', allow({ user: [{ emailVerified: true }] })],
    ['a verified address as a text', allow({ user: { emailVerified: 'true' } })],
  ])('by %s creates nothing and counts as no attempt', async (_, reply) => {
    const email = newAddress();
    hooks.on('importUser', () => reply);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const { code, extensions } = await refusedLogin(email);
      expect([code, typeof extensions.retryAfter]).toEqual(['SERVICE_UNAVAILABLE', 'number']);
    }
    expect(await usersOf(email)).toEqual([]);
    expect((await auditTrail(gateway.database, 'hook.failed')).at(-1)).toMatchObject({
      details: { point: 'importUser', problem: expect.any(String) },
    });
    gateway.clock.travel(61);
    hasUser();
    await signIn(gateway, email, oldPassword);
  });

  test('of a slow system is final: its late answer creates nothing', async () => {
    const email = newAddress();
    const { promise, resolve } = Promise.withResolvers<HookReply>();
    hooks.on('importUser', () => promise);
    expect((await refusedLogin(email)).code).toBe('SERVICE_UNAVAILABLE');
    resolve(allow({ user: { emailVerified: true } }));
    await until('the call', () => asked().length === 1);
    expect(await usersOf(email)).toEqual([]);
  });
});

test('the former system is asked while no transaction is open', async () => {
  const email = newAddress();
  const isIdle = async () => {
    const text = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    return (await gateway.database.query(text)).length === 0;
  };
  let wasIdle = false;
  hooks.on('importUser', async () => {
    wasIdle = await until('an idle pool', isIdle, timeoutMs - 100);
    return allow({ user: { emailVerified: true } });
  });
  await signIn(gateway, email, oldPassword);
  expect(wasIdle).toBe(true);
});

test('no password is in the log or on the audit trail', async () => {
  hasUser();
  await signIn(gateway, newAddress(), oldPassword);
  await refusedLogin(newAddress(), wrong);
  const entries = JSON.stringify(await auditTrail(gateway.database));
  for (const text of [gateway.logs.join(''), entries]) {
    expect(text).not.toContain(oldPassword);
    expect(text).not.toContain(wrong);
  }
});

describe('without verification of addresses', () => {
  test('a user with an unverified address signs in at once', async () => {
    const open = await startTestGateway(
      { ...settings, ...(await hooks.settings({ importUser: {} })), EMAIL_VERIFICATION: 'off' },
      gateway,
    );
    hasUser({ emailVerified: false });
    const email = newAddress();
    await signIn(open, email, oldPassword);
    expect(await usersOf(email)).toMatchObject([{ status: 'ACTIVE', verified: false }]);
    await open.end();
  });
});
