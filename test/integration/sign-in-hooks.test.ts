/** Hooks of a sign-in: they see a proven user, can refuse, demand a second step and narrow the session, and nothing more. */
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createVerifier } from '../../packages/verify/src/verifier.ts';
import {
  bearer,
  goodPassword,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import {
  CountUsersDocument,
  FullLoginDocument,
  FullRefreshDocument,
  FullRotateApiKeyDocument,
  FullViewerDocument,
  SetUserRoleDocument,
  SuspendUserDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { createApiKey } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer, challenge, enrol, wrongCode } from '../support/people/authenticator.ts';
import { askLogin, finishLogin, passkeyUser, signInByPasskey } from '../support/people/passkeys.ts';
import { openSession } from '../support/people/session.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { until } from '../support/races/until.ts';
import { allow, type HookReply, type HookServer, refuse, startHookServer } from '../support/servers/hook-server.ts';

let hooks: HookServer;
let gateway: TestGateway;
beforeAll(async () => {
  hooks = await startHookServer();
  const settings = await hooks.settings({ beforeSignIn: {}, beforeSession: {}, customizeClaims: {} });
  gateway = await startTestGateway({ ...settings, METRICS_TOKEN: 'metrics-token-1234567890' });
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

const loginWith = (email: string, password = goodPassword) =>
  gateway.send(FullLoginDocument, { input: { email, password } });
const refusedLogin = (email: string) => refusal(loginWith(email));

async function sessionsOf(email: string): Promise<number> {
  const text =
    'select count(*)::int as count from token_families f join users u on u.id = f.user_id where u.email = $1';
  const [row] = await gateway.database.query<{ count: number }>(text, [email]);
  return row?.count ?? Number.NaN;
}

describe('a hook', () => {
  test('gets what its point promises, once for each sign-in', async () => {
    const email = await registerUser(gateway);
    const { viewer, session } = await signIn(gateway, email);
    const user = { id: viewer.id, email, role: 'USER' };
    const client = { ipAddress: '127.0.0.1', deviceName: null, isTrustedDevice: false, location: null };
    expect(hooks.callsOf('beforeSignIn')).toMatchObject([
      {
        point: 'beforeSignIn',
        version: 1,
        dryRun: false,
        occurredAt: gateway.clock.now().toISOString(),
        data: {
          user: { ...user, hasSecondFactor: false },
          method: 'PASSWORD',
          provider: null,
          client,
          risk: { action: 'MAIL', signals: ['AUTOMATION'] },
        },
      },
    ]);
    expect(hooks.callsOf('beforeSession')).toMatchObject([
      {
        data: {
          user,
          methods: ['PASSWORD'],
          assurance: 'AAL1',
          client,
          risk: { action: 'MAIL', signals: ['AUTOMATION'] },
        },
      },
    ]);
    expect(hooks.callsOf('customizeClaims')).toMatchObject([
      { data: { user, session: { id: session.id, methods: ['PASSWORD'], assurance: 'AAL1' } } },
    ]);
  });

  test('is not asked about a wrong password, an unknown address or a suspended account', async () => {
    const email = await registerUser(gateway);
    await refusal(loginWith(email, 'Wander 8 lanterns'));
    await refusal(loginWith('nobody@example.com'));
    await gateway.database.query(`update users set status = 'SUSPENDED' where email = $1`, [email]);
    expect((await refusedLogin(email)).code).toBe('ACCOUNT_SUSPENDED');
    expect(hooks.callsOf('beforeSignIn')).toEqual([]);
  });

  test('is not asked about a passkey with a wrong signature', async () => {
    const { key } = await passkeyUser(gateway);
    hooks.reset();
    hooks.on('beforeSignIn', () => refuse());
    const response = key.sign(await askLogin(gateway));
    const forged = { ...response, response: { ...Object(response.response), signature: 'MEUCIQDx' } };
    expect((await refusal(finishLogin(gateway, forged))).code).toBe('INVALID_CREDENTIALS');
    expect(hooks.callsOf('beforeSignIn')).toEqual([]);
    expect((await refusal(signInByPasskey(gateway, key))).code).toBe('REFUSED_BY_POLICY');
  });

  test('runs while no transaction is open', async () => {
    const user = await enrol(gateway);
    const { key } = await passkeyUser(gateway);
    hooks.reset();
    // A transaction of the background ends meanwhile; one of this request would wait for the hook.
    const isIdle = async () => {
      const text = `select 1 from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
      return (await gateway.database.query(text)).length === 0;
    };
    let calls = 0;
    const look = async (): Promise<HookReply> => {
      await until('an idle pool', isIdle, 1500);
      calls += 1;
      return allow();
    };
    for (const point of ['beforeSignIn', 'beforeSession', 'customizeClaims'] as const) hooks.on(point, look);
    const signedIn = await answer(gateway, (await challenge(gateway, user.email)).ticket, user.code());
    await signInByPasskey(gateway, key);
    await gateway.send(FullRefreshDocument, { input: { refreshToken: signedIn.refreshToken } });
    expect(calls).toBe(7);
  });
});

describe('a refusal by beforeSignIn', () => {
  test('is told with its reason and message, and starts no session', async () => {
    const email = await registerUser(gateway);
    hooks.on('beforeSignIn', () => refuse({ reason: 'OUTSIDE_OFFICE', message: 'Sign in from the office.' }));
    expect(await refusedLogin(email)).toMatchObject({
      code: 'REFUSED_BY_POLICY',
      message: 'Sign in from the office.',
      extensions: { reason: 'OUTSIDE_OFFICE' },
    });
    expect(await sessionsOf(email)).toBe(0);
    expect(hooks.callsOf('beforeSession')).toEqual([]);
  });

  test('is recorded for the user and for the address', async () => {
    const email = await registerUser(gateway);
    hooks.on('beforeSignIn', () => refuse({ reason: 'OUTSIDE_OFFICE' }));
    await refusedLogin(email);
    expect((await auditTrail(gateway.database, 'policy.refused')).at(-1)).toMatchObject({
      outcome: 'DENIED',
      targetType: 'user',
      details: { point: 'beforeSignIn', reason: 'OUTSIDE_OFFICE' },
    });
    expect((await auditTrail(gateway.database, 'login.refused')).at(-1)).toMatchObject({
      outcome: 'DENIED',
      details: { reason: 'hook' },
    });
  });

  test('counts as no failed attempt', async () => {
    const email = await registerUser(gateway);
    hooks.on('beforeSignIn', () => refuse());
    for (let attempt = 0; attempt < 7; attempt += 1) expect((await refusedLogin(email)).code).toBe('REFUSED_BY_POLICY');
    hooks.reset();
    await signIn(gateway, email);
  });
});

describe('a second step', () => {
  test('that the hook demands is the factor of the account', async () => {
    const { email, code } = await enrol(gateway);
    hooks.on('beforeSignIn', () => allow({ requireSecondStep: true }));
    expect((await answer(gateway, (await challenge(gateway, email)).ticket, code())).session.assurance).toBe('AAL2');
  });

  test('is not demanded again of a passkey', async () => {
    const { key } = await passkeyUser(gateway);
    hooks.on('beforeSignIn', () => allow({ requireSecondStep: true }));
    expect((await signInByPasskey(gateway, key)).session.assurance).toBe('AAL2');
  });

  test('comes between the two hooks, and beforeSignIn is asked once', async () => {
    const { email, code } = await enrol(gateway);
    hooks.reset();
    const { ticket } = await challenge(gateway, email);
    expect([hooks.callsOf('beforeSignIn').length, hooks.callsOf('beforeSession').length]).toEqual([1, 0]);
    await answer(gateway, ticket, code());
    expect(hooks.callsOf('beforeSignIn')).toHaveLength(1);
    expect(hooks.callsOf('beforeSession')).toMatchObject([
      { data: { methods: ['PASSWORD', 'TOTP'], assurance: 'AAL2' } },
    ]);
  });

  test('with a wrong code leads to no hook', async () => {
    const user = await enrol(gateway);
    const { ticket } = await challenge(gateway, user.email);
    hooks.reset();
    expect((await refusal(answer(gateway, ticket, wrongCode(user)))).code).toBe('INVALID_MFA_CODE');
    expect(hooks.callsOf('beforeSession')).toEqual([]);
  });

  test('that beforeSession refuses has used its code and its ticket', async () => {
    const { email, code } = await enrol(gateway);
    const sessions = await sessionsOf(email);
    const { ticket } = await challenge(gateway, email);
    hooks.on('beforeSession', () => refuse());
    expect((await refusal(answer(gateway, ticket, code()))).code).toBe('REFUSED_BY_POLICY');
    hooks.reset();
    expect((await refusal(answer(gateway, ticket, code(1)))).code).toBe('INVALID_MFA_TICKET');
    expect((await refusal(answer(gateway, (await challenge(gateway, email)).ticket, code()))).code).toBe(
      'INVALID_MFA_CODE',
    );
    expect(await sessionsOf(email)).toBe(sessions);
  });
});

describe('while beforeSession decides', () => {
  /** Changes the user during the call. */
  const meanwhile = (change: string, email: string) =>
    hooks.on('beforeSession', async () => {
      await gateway.database.query(`${change} where email = $1`, [email]);
      return allow();
    });

  test.each([
    ['a suspension', `update users set status = 'SUSPENDED'`],
    ['another password', `update users set password_hash = 'another'`],
    ['another address', `update users set email = 'moved-' || email`],
  ])('%s ends a sign-in by password', async (_, change) => {
    const email = await registerUser(gateway);
    meanwhile(change, email);
    await refusedLogin(email);
    expect(await sessionsOf(email)).toBe(0);
  });

  test('another role is judged again', async () => {
    const email = await registerUser(gateway);
    hooks.on('beforeSession', async ({ data }) => {
      await gateway.database.query(`update users set role_name = 'GUEST' where email = $1`, [email]);
      return data.user.role === 'GUEST' ? refuse() : allow();
    });
    expect((await refusedLogin(email)).code).toBe('REFUSED_BY_POLICY');
    expect(hooks.callsOf('beforeSession').map(({ data }) => data.user.role)).toEqual(['USER', 'GUEST']);
  });

  test.each([
    ['a suspension', `update users set status = 'SUSPENDED'`],
    ['another password', `update users set password_hash = 'another'`],
    ['the removal of the factors', `update users set mfa_enabled_at = null`],
  ])('%s ends a sign-in with a second step', async (_, change) => {
    const { email, code } = await enrol(gateway);
    const sessions = await sessionsOf(email);
    const { ticket } = await challenge(gateway, email);
    meanwhile(change, email);
    expect((await refusal(answer(gateway, ticket, code()))).code).toMatch(/INVALID_MFA_TICKET|ACCOUNT_SUSPENDED/);
    expect(await sessionsOf(email)).toBe(sessions);
  });

  test('the removal of one of two passkeys ends its sign-in', async () => {
    const { email, key } = await passkeyUser(gateway);
    const sessions = await sessionsOf(email);
    hooks.on('beforeSession', async () => {
      await gateway.database.query('delete from passkeys where user_id = (select id from users where email = $1)', [
        email,
      ]);
      return allow();
    });
    expect((await refusal(signInByPasskey(gateway, key))).code).toBe('INVALID_CREDENTIALS');
    expect(await sessionsOf(email)).toBe(sessions);
  });

  test('another sign-in of the user does not end the first one', async () => {
    const { email, code } = await enrol(gateway);
    const { ticket } = await challenge(gateway, email);
    hooks.on('beforeSession', async () => {
      await gateway.database.query('update users set last_login_at = now() where email = $1', [email]);
      return allow();
    });
    await answer(gateway, ticket, code());
  });
});

describe('a narrowed session', () => {
  const narrow = (permissions: string[]) => hooks.on('beforeSession', () => allow({ permissions }));

  test('has its permissions in the viewer, in tokens, for proxies and for operations', async () => {
    narrow(['users:read', 'profile:write', 'roles:write']);
    const { viewer, accessToken } = await registerUserWithRole(gateway, 'MODERATOR');
    const held = ['profile:write', 'users:read'];
    expect(viewer.permissions).toEqual(held);
    expect(decodeJwt(accessToken)).toMatchObject({ role: 'MODERATOR', scope: held.join(' ') });
    const { headers, status } = await fetch(`${gateway.url}/auth/verify`, { headers: bearer(accessToken) });
    expect([status, headers.get('x-auth-scopes')]).toEqual([204, held.join(' ')]);
    expect(decodeJwt(headers.get('x-auth-token') ?? '').scope).toBe(held.join(' '));
    const demand = await fetch(`${gateway.url}/auth/verify?scope=sessions:own`, { headers: bearer(accessToken) });
    expect(demand.status).toBe(403);
    await gateway.send(CountUsersDocument, {}, accessToken);
  });

  test('lacks the operations of the others, also after a refresh', async () => {
    narrow(['sessions:own']);
    const email = await registerUser(gateway);
    const session = await openSession(gateway, email);
    const input = { displayName: 'Ada' };
    const denied = { code: 'FORBIDDEN', extensions: { requiredPermission: 'profile:write' } };
    expect(await refusal(gateway.send(UpdateProfileDocument, { input }, session.accessToken))).toMatchObject(denied);
    const refreshed = await session.refresh();
    expect(refreshed.viewer.permissions).toEqual(['sessions:own']);
    expect(await refusal(gateway.send(UpdateProfileDocument, { input }, refreshed.accessToken))).toMatchObject(denied);
  });

  test('gains nothing from a list that is wider than the role, and loses what the role loses', async () => {
    narrow(['users:write', 'settings:read', 'profile:write']);
    const session = await openSession(gateway, await registerUser(gateway));
    expect(session.viewer.permissions).toEqual(['profile:write']);
    await gateway.database.query(`update users set role_name = 'GUEST' where id = $1`, [session.viewer.id]);
    expect((await gateway.send(FullViewerDocument, {}, session.accessToken)).viewer?.permissions).toEqual([]);
  });

  test('grants no role with permissions that it has lost', async () => {
    const target = await registerUserWithRole(gateway, 'USER');
    narrow(['roles:assign', 'users:read', 'users:write', 'users:moderate']);
    const { accessToken } = await registerUserWithRole(gateway, 'SUPER_ADMIN');
    const input = { userId: target.viewer.id, role: 'ADMIN' };
    expect((await refusal(gateway.send(SetUserRoleDocument, { input }, accessToken))).code).toBe('FORBIDDEN');
    await gateway.send(SuspendUserDocument, { input: { userId: target.viewer.id } }, accessToken);
  });

  test('makes no API key with a scope that it has lost, and rotates none', async () => {
    const email = await registerUser(gateway);
    const wide = await signIn(gateway, email);
    const key = await createApiKey(gateway, wide.accessToken, { scopes: ['profile:write', 'keys:own'] });
    narrow(['keys:own']);
    const { accessToken } = await signIn(gateway, email);
    const denied = { code: 'FORBIDDEN', extensions: { requiredPermission: 'profile:write' } };
    expect(await refusal(createApiKey(gateway, accessToken, { scopes: ['profile:write'] }))).toMatchObject(denied);
    const rotation = { input: { id: key.id } };
    expect(await refusal(gateway.send(FullRotateApiKeyDocument, rotation, accessToken))).toMatchObject(denied);
    await gateway.send(FullRotateApiKeyDocument, rotation, wide.accessToken);
    await createApiKey(gateway, accessToken, { scopes: ['keys:own'] });
  });

  test('is recorded with its limits', async () => {
    hooks.on('beforeSession', () => allow({ permissions: ['sessions:own'], sessionTtl: 600 }));
    const { session } = await signIn(gateway, await registerUser(gateway));
    const entry = (await auditTrail(gateway.database, 'session.started')).find(
      ({ targetId }) => targetId === session.id,
    );
    expect(entry?.details).toMatchObject({ permissionsLimit: ['sessions:own'], sessionSeconds: 600 });
  });
});

describe('the end of a session', () => {
  const secondsLeft = (end: string) => (Date.parse(end) - gateway.clock.now().getTime()) / 1000;

  test('comes after sessionTtl, and a refresh does not move it', async () => {
    hooks.on('beforeSession', () => allow({ sessionTtl: 600 }));
    const session = await openSession(gateway, await registerUser(gateway));
    expect(secondsLeft(session.refreshTokenExpiresAt)).toBe(600);
    gateway.clock.travel(400);
    const refreshed = await session.refresh();
    expect(secondsLeft(refreshed.refreshTokenExpiresAt)).toBe(200);
    expect(refreshed.expiresIn).toBe(200);
    gateway.clock.travel(201);
    expect((await refusal(refreshed.refresh())).code).toBe('INVALID_REFRESH_TOKEN');
  });

  test('is never later than without the hook', async () => {
    const usual = await signIn(gateway, await registerUser(gateway));
    hooks.on('beforeSession', () => allow({ sessionTtl: 400 * 86_400 }));
    const session = await signIn(gateway, await registerUser(gateway));
    expect(secondsLeft(session.refreshTokenExpiresAt)).toBe(secondsLeft(usual.refreshTokenExpiresAt));
    const text =
      "select absolute_expires_at - created_at = interval '30 days' as usual from token_families where id = $1";
    expect(await gateway.database.query(text, [session.session.id])).toEqual([{ usual: true }]);
  });
});

describe('customizeClaims', () => {
  const withExt = (ext: unknown) => hooks.on('customizeClaims', () => allow({ ext } as object));

  test('fills the claim ext of access and identity tokens, and @postern/verify reads it', async () => {
    withExt({ team: 'engines' });
    const { accessToken } = await signIn(gateway, await registerUser(gateway));
    expect(decodeJwt(accessToken).ext).toEqual({ team: 'engines' });
    const { headers } = await fetch(`${gateway.url}/auth/verify`, { headers: bearer(accessToken) });
    const of = { issuer: 'https://auth.example.com', jwksUrl: `${gateway.url}/.well-known/jwks.json` };
    const now = () => gateway.clock.now();
    const verify = createVerifier({ ...of, now });
    const verifyIdentity = createVerifier({ ...of, now, tokens: 'identity' });
    expect((await verify(`Bearer ${accessToken}`)).caller?.ext).toEqual({ team: 'engines' });
    expect((await verifyIdentity(headers.get('x-auth-token'))).caller?.ext).toEqual({ team: 'engines' });
  });

  test('is asked at sign-in and at each refresh, and not at other requests', async () => {
    withExt({ team: 'engines' });
    const session = await openSession(gateway, await registerUser(gateway));
    await gateway.send(FullViewerDocument, {}, session.accessToken);
    const reauthenticated = await session.reauthenticate({ password: goodPassword });
    expect(decodeJwt(reauthenticated.accessToken).ext).toEqual({ team: 'engines' });
    expect(hooks.callsOf('customizeClaims')).toHaveLength(1);
    withExt({ team: 'sails' });
    expect(decodeJwt((await reauthenticated.refresh()).accessToken).ext).toEqual({ team: 'sails' });
    expect(hooks.callsOf('customizeClaims')).toHaveLength(2);
  });

  test('without ext leaves the claim away, also after a refresh', async () => {
    withExt({ team: 'engines' });
    const session = await openSession(gateway, await registerUser(gateway));
    hooks.on('customizeClaims', () => allow());
    expect(decodeJwt((await session.refresh()).accessToken)).not.toHaveProperty('ext');
  });

  test('changes no other claim', async () => {
    withExt({ team: 'engines', admin: true });
    const { accessToken, viewer } = await signIn(gateway, await registerUser(gateway));
    expect(decodeJwt(accessToken)).toMatchObject({ sub: viewer.id, role: 'USER', acr: 'AAL1' });
    for (const name of ['sub', 'role', 'scope', 'acr', 'sid']) {
      gateway.clock.travel(31);
      withExt({ [name]: 'SUPER_ADMIN' });
      expect((await refusedLogin(viewer.email)).code).toBe('SERVICE_UNAVAILABLE');
    }
  });

  test('that fails during a refresh loses no session', async () => {
    const session = await openSession(gateway, await registerUser(gateway));
    hooks.on('customizeClaims', () => ({ status: 500, body: '' }));
    expect((await refusal(session.refresh())).code).toBe('SERVICE_UNAVAILABLE');
    withExt({ team: 'engines' });
    expect(decodeJwt((await session.refresh()).accessToken).ext).toEqual({ team: 'engines' });
  });
});

describe('metrics', () => {
  test('count calls by point and outcome', async () => {
    const read = async () => {
      const { text } = await fetch(`${gateway.url}/metrics`, { headers: bearer('metrics-token-1234567890') }).then(
        async (response) => ({ text: await response.text() }),
      );
      return (outcome: string) =>
        Number(
          new RegExp(`postern_hook_calls_total\\{point="beforeSignIn",outcome="${outcome}"\\} (\\d+)`).exec(
            text,
          )?.[1] ?? 0,
        );
    };
    const before = await read();
    const email = await registerUser(gateway);
    await signIn(gateway, email);
    hooks.on('beforeSignIn', () => refuse());
    await refusedLogin(email);
    hooks.on('beforeSignIn', () => ({ status: 500, body: '' }));
    await refusedLogin(email);
    const after = await read();
    for (const outcome of ['allowed', 'refused', 'failed'])
      expect([outcome, after(outcome)]).toEqual([outcome, before(outcome) + 1]);
  });
});

describe('a hook that fails', () => {
  test.each<[string, HookReply]>([
    ['an error of the server', { status: 500, body: '' }],
    ['another status of success', { status: 204, body: '' }],
    ['a redirect', { status: 302, body: '' }],
    ['text', { body: 'allow' }],
    ['an unknown member', allow({ permission: [] })],
    ['17 kB', { body: `{"decision":"allow"}${' '.repeat(17_000)}` }],
  ])('with %s refuses the sign-in for now', async (_, reply) => {
    const email = await registerUser(gateway);
    hooks.on('beforeSignIn', () => reply);
    const { code, extensions } = await refusedLogin(email);
    expect([code, typeof extensions.retryAfter]).toEqual(['SERVICE_UNAVAILABLE', 'number']);
    expect(await sessionsOf(email)).toBe(0);
  });

  test('is recorded once a minute', async () => {
    const email = await registerUser(gateway);
    hooks.on('beforeSignIn', () => ({ status: 500, body: '' }));
    const failures = async () => (await auditTrail(gateway.database, 'hook.failed')).length;
    const before = await failures();
    await refusedLogin(email);
    await refusedLogin(email);
    expect(await failures()).toBe(before + 1);
    expect((await auditTrail(gateway.database, 'hook.failed')).at(-1)).toMatchObject({
      outcome: 'FAILURE',
      details: { point: 'beforeSignIn', problem: 'status 500' },
    });
    gateway.clock.travel(60);
    await refusedLogin(email);
    expect(await failures()).toBe(before + 2);
  });
});

describe('a hook that is slow', () => {
  let slow: TestGateway;
  beforeAll(async () => {
    const settings = await hooks.settings({
      beforeSignIn: { timeout: '300ms' },
      beforeSession: { timeout: '300ms', onFailure: 'continue' },
    });
    slow = await startTestGateway(settings, gateway);
  });
  afterAll(() => slow.stop());

  /** The reply comes when the test says so. */
  function held(point: 'beforeSignIn' | 'beforeSession', reply: HookReply) {
    const { promise, resolve } = Promise.withResolvers<HookReply>();
    hooks.on(point, () => promise);
    return () => resolve(reply);
  }

  test('and then allows has refused', async () => {
    const email = await registerUser(gateway);
    const release = held('beforeSignIn', allow());
    expect((await refusal(slow.send(FullLoginDocument, { input: { email, password: goodPassword } }))).code).toBe(
      'SERVICE_UNAVAILABLE',
    );
    release();
    await until('the answer', () => hooks.callsOf('beforeSignIn').length === 1);
    expect(await sessionsOf(email)).toBe(0);
  });

  test('and then refuses has not narrowed a sign-in that continues', async () => {
    const email = await registerUser(gateway);
    const release = held('beforeSession', refuse());
    const { viewer } = await signIn(slow, email);
    release();
    expect(viewer.permissions).toContain('profile:write');
    expect(await sessionsOf(email)).toBe(1);
  });
});
