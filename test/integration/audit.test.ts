/**
 * Audit entries: each change and each refusal is recorded with actor, action and network, and the entry is permanent.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createRefreshTokens } from '../../src/security/tokens/refresh-token.ts';
import { type Answer, answerOf } from '../support/gateway/answer.ts';
import { confirm } from '../support/gateway/confirmation.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  registerUser,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
  testSecret,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
  ResendVerificationEmailDocument,
  ResetPasswordDocument,
  UpdateProfileDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { type AuditRow, auditOf, auditTrail } from '../support/people/audit.ts';
import { invite } from '../support/people/invite.ts';

const hour = 60 * 60;
const userAgent = 'Auditor/1 (test)';

let gateway: TestGateway;
/** Creates accounts without verification. */
let open: TestGateway;
let email: string;
beforeAll(async () => {
  [gateway, open] = await Promise.all([startTestGateway(), startTestGateway({ EMAIL_VERIFICATION: 'off' })]);
  email = await registerUser(gateway);
});
afterAll(() => Promise.all([gateway.stop(), open.stop()]));

let serial = 0;
interface Recorded {
  answer: Answer;
  requestId: string;
  /** The entries of the request, by action. */
  entries: Record<string, AuditRow>;
  actions: string[];
}

/** Sends a request with an id by which its entries are found. */
async function recorded(body: unknown, accessToken?: string, to = gateway): Promise<Recorded> {
  serial += 1;
  const requestId = `audited-${String(serial).padStart(4, '0')}`;
  const headers = { 'x-request-id': requestId, 'user-agent': userAgent, ...(accessToken && bearer(accessToken)) };
  const answer = await answerOf(to.post(body, headers));
  const rows = await auditOf(to.database, requestId);
  for (const row of rows) {
    expect(row).toMatchObject({ requestId, userAgent, ipAddress: '127.0.0.1', occurredAt: to.clock.now() });
    expect(row.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  }
  const entries = Object.fromEntries(rows.map((row) => [row.action, row]));
  return { answer, requestId, entries, actions: rows.map(({ action }) => action).sort() };
}

const noActor = { actorId: null, targetType: null, targetId: null, sessionId: null };
const hashed = expect.stringMatching(/^[\w-]{43}$/);
const codeOf = ({ answer }: Recorded) => answer.errors[0]?.extensions.code;

const register = (address: string, to = gateway) =>
  recorded(bodyOf(RegisterDocument, { input: { email: address, password: goodPassword } }), undefined, to);
const login = (address: string, password = goodPassword, rememberMe = false) =>
  recorded(bodyOf(FullLoginDocument, { input: { email: address, password, rememberMe } }));
const refresh = (refreshToken: string) => recorded(bodyOf(FullRefreshDocument, { input: { refreshToken } }));
/** A session whose first refresh token is now a copy: the grace period is over and the successor was used. */
async function rotateAndUse(session: SignedIn): Promise<void> {
  const { refresh: tokens } = await gateway.send(FullRefreshDocument, {
    input: { refreshToken: session.refreshToken },
  });
  await confirm(gateway, { ...tokens, session: session.session });
  gateway.clock.travel(31);
}
const updateProfile = (displayName: string, accessToken: string) =>
  recorded(bodyOf(UpdateProfileDocument, { input: { displayName } }), accessToken);

async function userIdOf(address: string): Promise<string> {
  const [row] = await gateway.database.query<{ id: string }>('select id from users where email = $1', [address]);
  if (!row) throw new Error(`there is no user ${address}`);
  return row.id;
}

describe('a registration', () => {
  test('is recorded, with the address as a keyed hash only', async () => {
    const address = newAddress();
    const { entries, actions } = await register(address);
    expect(actions).toEqual(['registration.requested']);
    expect(entries['registration.requested']).toMatchObject({
      ...noActor,
      outcome: 'SUCCESS',
      details: { addressHash: hashed, result: 'pending' },
    });
    const again = await register(address.toUpperCase());
    expect(again.entries['registration.requested']?.details).toEqual(entries['registration.requested']?.details);
    const other = await register(newAddress());
    expect(other.entries['registration.requested']?.details.addressHash).not.toBe(
      entries['registration.requested']?.details.addressHash,
    );
  });

  test('of a taken address is recorded', async () => {
    const { entries } = await register(email);
    expect(entries['registration.requested']).toMatchObject({ ...noActor, details: { result: 'address_taken' } });
  });

  test('beyond the mail limit is recorded as withheld', async () => {
    const address = newAddress();
    for (let i = 0; i < 3; i += 1) await register(address);
    const { entries } = await register(address);
    expect(entries['registration.requested']?.details).toMatchObject({ addressHash: hashed, result: 'withheld' });
  });

  test('without verification is recorded, with the created account or with none', async () => {
    const address = newAddress();
    const first = await register(address, open);
    const [user] = await open.database.query<{ id: string }>('select id from users where email = $1', [address]);
    expect(first.entries['registration.requested']).toMatchObject({
      outcome: 'SUCCESS',
      actorId: user?.id,
      details: { result: 'created' },
    });
    expect(first.entries['user.created']).toMatchObject({
      actorId: user?.id,
      targetId: user?.id,
      details: { role: 'USER', through: 'registration' },
    });
    const second = await register(address, open);
    expect(codeOf(second)).toBe('EMAIL_TAKEN');
    expect(second.actions).toEqual(['registration.requested']);
    expect(second.entries['registration.requested']).toMatchObject({
      ...noActor,
      outcome: 'FAILURE',
      details: { result: 'address_taken' },
    });
  });

  test('with bad input is not recorded', async () => {
    const { actions, answer } = await recorded(bodyOf(RegisterDocument, { input: { email: 'x', password: 'y' } }));
    expect(answer.errors).toHaveLength(1);
    expect(actions).toEqual([]);
  });
});

describe('an address confirmation', () => {
  test('is recorded with the created account', async () => {
    const address = newAddress();
    await register(address);
    const [pending] = await gateway.database.query<{ id: string }>('select id from registrations where email = $1', [
      address,
    ]);
    const token = tokenIn(await gateway.mail.take(address));
    const { entries, actions } = await recorded(bodyOf(VerifyEmailDocument, { input: { token } }));
    expect(actions).toEqual(['registration.confirmed', 'user.created']);
    const user = await userIdOf(address);
    const about = { outcome: 'SUCCESS', actorId: user, targetType: 'user', targetId: user, sessionId: null };
    expect(entries['registration.confirmed']).toMatchObject({
      ...about,
      details: { registrationId: pending?.id, contested: false },
    });
    expect(entries['user.created']).toMatchObject({ ...about, details: { role: 'USER', through: 'registration' } });

    const again = await recorded(bodyOf(VerifyEmailDocument, { input: { token } }));
    expect([again.answer.errors, again.actions]).toEqual([[], []]);
    gateway.clock.travel(61);
    const late = await recorded(bodyOf(VerifyEmailDocument, { input: { token } }));
    expect(codeOf(late)).toBe('INVALID_TOKEN');
    expect(late.actions).toEqual(['registration.confirmation_refused']);
    expect(late.entries['registration.confirmation_refused']).toMatchObject({
      ...noActor,
      outcome: 'FAILURE',
      details: { reason: 'unknown_token' },
    });
  });

  test('after another user took the address is recorded as refused, and changes nothing', async () => {
    const address = newAddress();
    await register(address);
    const token = tokenIn(await gateway.mail.take(address));
    await invite(gateway, address);
    const { entries, answer } = await recorded(bodyOf(VerifyEmailDocument, { input: { token } }));
    expect(answer.errors[0]?.extensions.code).toBe('INVALID_TOKEN');
    expect(entries['registration.confirmation_refused']?.details).toEqual({ reason: 'address_taken' });
  });

  test('requested again is recorded with its outcome', async () => {
    const address = newAddress();
    await register(address);
    const resend = (to: string) => recorded(bodyOf(ResendVerificationEmailDocument, { input: { email: to } }));
    const results = [];
    for (const to of [address, address, address, newAddress(), email]) {
      const { entries, actions } = await resend(to);
      expect(actions).toEqual(['registration.mail_requested']);
      expect(entries['registration.mail_requested']).toMatchObject({ ...noActor, details: { addressHash: hashed } });
      results.push(entries['registration.mail_requested']?.details.result);
    }
    expect(results).toEqual(['sent', 'sent', 'withheld', 'nothing_pending', 'nothing_pending']);
  });
});

describe('an invitation', () => {
  test('and its password are recorded', async () => {
    const address = newAddress();
    const token = await invite(gateway, address);
    const user = await userIdOf(address);
    const created = (await auditTrail(gateway.database, 'user.created')).find(({ targetId }) => targetId === user);
    expect(created).toMatchObject({
      actorId: null,
      requestId: 'command-line',
      ipAddress: null,
      details: { role: 'USER', through: 'command_line' },
    });

    const input = { token, newPassword: goodPassword };
    const { entries, actions } = await recorded(bodyOf(ResetPasswordDocument, { input }));
    expect(actions).toEqual(['password.set']);
    expect(entries['password.set']).toMatchObject({
      outcome: 'SUCCESS',
      actorId: user,
      targetType: 'user',
      targetId: user,
      details: { through: 'invitation' },
    });
    const again = await recorded(bodyOf(ResetPasswordDocument, { input }));
    expect(codeOf(again)).toBe('INVALID_TOKEN');
    expect(again.entries['password.set_refused']).toMatchObject({
      ...noActor,
      outcome: 'FAILURE',
      details: { reason: 'unknown_token' },
    });
  });
});

describe('a sign-in', () => {
  test('is recorded with the new session', async () => {
    const user = await userIdOf(email);
    for (const rememberMe of [false, true]) {
      const { entries, actions, answer } = await login(email, goodPassword, rememberMe);
      const { login: session }: { login: SignedIn } = JSON.parse(answer.text).data;
      expect(actions).toEqual(['session.started']);
      expect(entries['session.started']).toMatchObject({
        outcome: 'SUCCESS',
        actorId: user,
        targetType: 'session',
        targetId: session.session.id,
        sessionId: session.session.id,
        details: { methods: ['PASSWORD'], rememberMe },
      });
    }
  });

  test('that fails is recorded with the reason that the response omits', async () => {
    const [pending, suspended] = [newAddress(), await registerUser(gateway)];
    await register(pending);
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [suspended]);
    const cases: [string, string, string, string][] = [
      ['unknown_address', newAddress(), goodPassword, 'INVALID_CREDENTIALS'],
      ['wrong_password', email, 'Wander 8 lanterns', 'INVALID_CREDENTIALS'],
      ['wrong_password', pending, 'Wander 8 lanterns', 'INVALID_CREDENTIALS'],
      ['unverified', pending, goodPassword, 'EMAIL_NOT_VERIFIED'],
      ['wrong_password', suspended, 'Wander 8 lanterns', 'INVALID_CREDENTIALS'],
      ['suspended', suspended, goodPassword, 'ACCOUNT_SUSPENDED'],
    ];
    for (const [reason, address, password, code] of cases) {
      const attempt = await login(address, password);
      expect([reason, codeOf(attempt), attempt.actions]).toEqual([reason, code, ['login.refused']]);
      expect(attempt.entries['login.refused']).toMatchObject({
        ...noActor,
        outcome: 'FAILURE',
        details: { addressHash: hashed, reason },
      });
    }
  });
});

describe('a session', () => {
  test('that is refreshed is recorded, once for each rotation', async () => {
    const session = await signIn(gateway, email);
    const about = {
      actorId: session.viewer.id,
      targetType: 'session',
      targetId: session.session.id,
      sessionId: session.session.id,
    };
    const first = await refresh(session.refreshToken);
    expect(first.actions).toEqual(['session.refreshed']);
    expect(first.entries['session.refreshed']).toMatchObject({
      ...about,
      outcome: 'SUCCESS',
      details: { generation: 1 },
    });
    const again = await refresh(session.refreshToken);
    expect(again.answer.errors).toEqual([]);
    expect(again.actions).toEqual([]);
  });

  test('with a copied token is recorded as revoked, although the request was refused', async () => {
    const session = await signIn(gateway, email);
    await rotateAndUse(session);
    const reuse = await refresh(session.refreshToken);
    expect(codeOf(reuse)).toBe('INVALID_REFRESH_TOKEN');
    expect(reuse.actions).toEqual(['session.ended', 'token.reuse_detected']);
    const about = { targetType: 'session', targetId: session.session.id, sessionId: session.session.id };
    expect(reuse.entries['token.reuse_detected']).toMatchObject({
      ...about,
      outcome: 'DENIED',
      details: { presentedGeneration: 0, generation: 1 },
    });
    expect(reuse.entries['session.ended']).toMatchObject({ ...about, details: { reason: 'reuse_detected' } });

    const later = await refresh(session.refreshToken);
    expect(later.actions).toEqual(['session.refresh_refused']);
    expect(later.entries['session.refresh_refused']).toMatchObject({
      ...about,
      outcome: 'FAILURE',
      details: { reason: 'revoked' },
    });
  });

  test('that cannot be refreshed is recorded with the reason', async () => {
    const address = await registerUser(gateway);
    const [expired, idle, early] = [
      await signIn(gateway, address),
      await signIn(gateway, address),
      await signIn(gateway, address),
    ];
    const tokens = createRefreshTokens(createKeyRing([Buffer.from(testSecret, 'base64')]));
    const reasonOf = async (token: string) => {
      const attempt = await refresh(token);
      expect(codeOf(attempt)).toBe('INVALID_REFRESH_TOKEN');
      expect(attempt.actions).toEqual(['session.refresh_refused']);
      return attempt.entries['session.refresh_refused']?.details.reason;
    };
    expect(await reasonOf(tokens.mint({ familyId: early.session.id, generation: 7 }))).toBe('not_issued');
    expect(await reasonOf(tokens.mint({ familyId: early.viewer.id, generation: 0 }))).toBe('unknown');
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [address]);
    expect(await reasonOf(idle.refreshToken)).toBe('user_inactive');
    gateway.clock.travel(8 * 24 * hour);
    expect(await reasonOf(expired.refreshToken)).toBe('expired');
  });

  test('that is signed out is recorded with the actor', async () => {
    const session = await signIn(gateway, email);
    const about = {
      outcome: 'SUCCESS',
      targetType: 'session',
      targetId: session.session.id,
      sessionId: session.session.id,
      details: { reason: 'logout' },
    };
    const out = await recorded(bodyOf(LogoutDocument, { input: {} }), session.accessToken);
    expect(out.actions).toEqual(['session.ended']);
    expect(out.entries['session.ended']).toMatchObject({ ...about, actorId: session.viewer.id });

    const other = await signIn(gateway, email);
    const byToken = await recorded(bodyOf(LogoutDocument, { input: { refreshToken: other.refreshToken } }));
    expect(byToken.entries['session.ended']).toMatchObject({ targetId: other.session.id, details: about.details });
    const twice = await recorded(bodyOf(LogoutDocument, { input: { refreshToken: other.refreshToken } }));
    expect(twice.actions).toEqual([]);
  });

  test('that is only read is not recorded', async () => {
    const { accessToken } = await signIn(gateway, email);
    expect((await recorded(bodyOf(FullViewerDocument, {}), accessToken)).actions).toEqual([]);
  });
});

describe('a profile', () => {
  test('that changes is recorded with the names of the fields, without their values', async () => {
    const session = await signIn(gateway, email);
    const { entries, actions } = await updateProfile('Ada Lovelace', session.accessToken);
    expect(actions).toEqual(['user.updated']);
    expect(entries['user.updated']).toMatchObject({
      outcome: 'SUCCESS',
      actorId: session.viewer.id,
      targetType: 'user',
      targetId: session.viewer.id,
      sessionId: session.session.id,
      details: { fields: ['displayName'] },
    });
    expect(JSON.stringify(entries)).not.toContain('Lovelace');
  });

  test('whose change is refused neither changes nor is recorded', async () => {
    const { accessToken } = await signIn(gateway, email);
    await updateProfile('Ada', accessToken);
    const refused = await updateProfile('Ada\u0000', accessToken);
    expect(codeOf(refused)).toBe('BAD_USER_INPUT');
    expect(refused.actions).toEqual([]);
    const { viewer } = await gateway.send(FullViewerDocument, {}, accessToken);
    expect(viewer?.displayName).toBe('Ada');
  });
});

test('new keys of a gateway are recorded', async () => {
  const created = await auditTrail(gateway.database, 'signing_key.created');
  const jwks = await answerOf(fetch(`${gateway.url}/.well-known/jwks.json`));
  const { keys }: { keys: { kid: string }[] } = JSON.parse(jwks.text);
  expect(created.map(({ details }) => details.kid).sort()).toEqual(keys.map(({ kid }) => kid).sort());
  for (const { details, targetType, targetId } of created) {
    expect({ targetType, targetId }).toEqual({ targetType: 'signing_key', targetId: details.kid });
  }
});

test('a user agent of any length and content is stored', async () => {
  const headers = { 'user-agent': `Lantern/${'7'.repeat(2000)} ü`, 'x-request-id': 'a-long-user-agent' };
  const body = bodyOf(FullLoginDocument, { input: { email: newAddress(), password: goodPassword } });
  expect((await answerOf(gateway.post(body, headers))).errors[0]?.extensions.code).toBe('INVALID_CREDENTIALS');
  const [entry] = await auditOf(gateway.database, 'a-long-user-agent');
  expect(entry?.userAgent).toHaveLength(512);
});

describe('an entry', () => {
  test.each([
    "update audit_entries set details = '{}'",
    'update audit_entries set ip_address = null',
    "update audit_entries set ip_address = null, user_agent = null, reason = null, personal_salt = null, outcome = 'DENIED'",
    "update audit_entries set ip_address = null, user_agent = null, reason = null, personal_salt = null, personal_hash = '\\x00'",
    'delete from audit_entries',
    'truncate audit_entries',
    'with gone as (delete from audit_entries returning id) select * from gone',
    "insert into audit_entries select * from audit_entries on conflict (id) do update set action = 'changed'",
  ])('is permanent: the database refuses "%s"', async (statement) => {
    const before = await auditTrail(gateway.database);
    await expect(gateway.database.query(statement)).rejects.toThrow(/append-only/);
    expect(await auditTrail(gateway.database)).toEqual(before);
    expect(before.length).toBeGreaterThan(20);
  });
});

describe('a change and its entry', () => {
  /** Makes the database fail in the middle of the work. */
  async function failing(trigger: string, work: () => Promise<void>): Promise<void> {
    const { database } = gateway;
    await database.query(`create or replace function sabotage() returns trigger language plpgsql as
      $$ begin raise exception 'sabotaged'; end $$`);
    await database.query(`create trigger sabotage before ${trigger} execute function sabotage()`);
    const [, table = ''] = / on (\w+)/.exec(trigger) ?? [];
    try {
      await work();
    } finally {
      await database.query(`drop trigger sabotage on ${table}`);
    }
  }

  const withoutEntry = (action: string) => `insert on audit_entries for each row when (new.action = '${action}')`;
  const broken = (attempt: Recorded) => {
    expect(codeOf(attempt)).toBe('INTERNAL_SERVER_ERROR');
    expect(attempt.actions).toEqual([]);
  };

  async function snapshot(table: string): Promise<unknown> {
    return gateway.database.query(`select * from ${table} order by 1`);
  }

  test('are atomic: without the entry there is no change', async () => {
    const session = await signIn(gateway, email);
    const address = newAddress();
    await register(address);
    const token = tokenIn(await gateway.mail.take(address));
    const attempts: [string, string[], () => Promise<Recorded>][] = [
      ['user.updated', ['users'], () => updateProfile('Another name', session.accessToken)],
      ['session.started', ['token_families', 'users'], () => login(email)],
      ['session.refreshed', ['token_families'], () => refresh(session.refreshToken)],
      ['session.ended', ['token_families'], () => recorded(bodyOf(LogoutDocument, { input: {} }), session.accessToken)],
      ['registration.requested', ['registrations', 'outbox_mails'], () => register(newAddress())],
      [
        'registration.mail_requested',
        ['registrations', 'outbox_mails'],
        () => recorded(bodyOf(ResendVerificationEmailDocument, { input: { email: address } })),
      ],
      ['user.created', ['users', 'registrations'], () => recorded(bodyOf(VerifyEmailDocument, { input: { token } }))],
    ];
    for (const [action, tables, attempt] of attempts) {
      const before = await Promise.all(tables.map(snapshot));
      await failing(withoutEntry(action), async () => broken(await attempt()));
      expect([action, await Promise.all(tables.map(snapshot))]).toEqual([action, before]);
    }
    // The token was not used up.
    expect((await refresh(session.refreshToken)).answer.errors).toEqual([]);
    expect((await recorded(bodyOf(VerifyEmailDocument, { input: { token } }))).answer.errors).toEqual([]);
  });

  test('are atomic: without the change there is no entry', async () => {
    const session = await signIn(gateway, email);
    gateway.clock.travel(1);
    await failing('update on users for each statement', async () => {
      broken(await updateProfile('Another name', session.accessToken));
      broken(await login(email));
    });
    await failing('insert on token_families for each statement', async () => broken(await login(email)));
    await failing('update on token_families for each statement', async () => {
      broken(await refresh(session.refreshToken));
      broken(await recorded(bodyOf(LogoutDocument, { input: {} }), session.accessToken));
    });
    await failing('insert on outbox_mails for each statement', async () => broken(await register(newAddress())));
  });

  test('of a refusal that cannot be recorded give no response either', async () => {
    await failing(withoutEntry('login.refused'), async () => broken(await login(email, 'Wander 8 lanterns')));
    const session = await signIn(gateway, email);
    await rotateAndUse(session);
    await failing(withoutEntry('token.reuse_detected'), async () => broken(await refresh(session.refreshToken)));
    // The theft is still detected once it can be recorded.
    expect((await refresh(session.refreshToken)).actions).toEqual(['session.ended', 'token.reuse_detected']);
  });
});

test('no entry has an e-mail address or a name', async () => {
  const all = JSON.stringify(await auditTrail(gateway.database));
  expect(all).not.toMatch(/@example\.com|Lovelace|Wander/);
  const actions = new Set((await auditTrail(gateway.database)).map(({ action }) => action));
  // Recorded with the first seal, which transactions of other tests in the same server delay.
  actions.delete('audit_key.created');
  expect([...actions].sort()).toEqual([
    'login.refused',
    'password.set',
    'password.set_refused',
    'registration.confirmation_refused',
    'registration.confirmed',
    'registration.mail_requested',
    'registration.requested',
    'session.ended',
    'session.refresh_refused',
    'session.refreshed',
    'session.started',
    'signing_key.created',
    'token.reuse_detected',
    'user.created',
    'user.updated',
  ]);
});
