/** `@postern/client` in Node: every flow of an account, with bearer tokens and with cookies. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createPosternClient,
  isPosternError,
  type MfaChallenge,
  type PosternClient,
  type PosternClientOptions,
  PosternError,
  type SessionEndReason,
  type SignedIn,
  type TokenStorage,
} from '../../packages/client/src/client.ts';
import { createCookieJar } from '../support/gateway/cookie-jar.ts';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  registerUser,
  signIn,
  startTestGateway,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullViewerDocument, LogoutDocument, UpdateProfileDocument } from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { subjects } from '../support/people/address-change.ts';
import { codeAt, periodSeconds } from '../support/people/authenticator.ts';
import { SoftwareAuthenticator } from '../support/people/software-authenticator.ts';
import { type LossyProxy, startLossyProxy } from '../support/proxies/lossy-proxy.ts';
import { until } from '../support/races/until.ts';

const nextPassword = 'Marble 8 galaxies';
const app = 'https://app.example.com';

let proxy: LossyProxy;
const gateway = useGateway({ ...lockoutOff, CORS_ORIGINS: app });
beforeAll(async () => {
  proxy = await startLossyProxy(() => gateway.url);
});
afterAll(() => proxy?.close());

interface Watched {
  client: PosternClient;
  ends: SessionEndReason[];
  starts: string[];
}

function open(options: Partial<PosternClientOptions> = {}): Watched {
  const ends: SessionEndReason[] = [];
  const starts: string[] = [];
  const client = createPosternClient({
    url: proxy.url,
    onSessionStart: ({ id }) => starts.push(id),
    onSessionEnd: ({ reason }) => ends.push(reason),
    ...options,
  });
  return { client, ends, starts };
}

/** A client of a new user. */
async function signedIn(options: Partial<PosternClientOptions> = {}): Promise<Watched & { email: string }> {
  const email = await registerUser(gateway);
  const watched = open(options);
  await watched.client.login({ email, password: goodPassword });
  return { ...watched, email };
}

const mailed = async (email: string, subject: string) => tokenIn(await gateway.mail.take(email, subject));

async function errorOf(call: Promise<unknown>): Promise<PosternError> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PosternError)) throw error;
  return error;
}

function challengeIn(answer: SignedIn | MfaChallenge): MfaChallenge {
  if (answer.__typename !== 'MfaChallenge') throw new Error('there is no challenge');
  return answer;
}

describe('an account', () => {
  test('is registered, confirmed, signed in, read and signed out', async () => {
    const { client, ends, starts } = open();
    const email = newAddress();
    expect(await client.viewer()).toBeNull();
    expect((await client.passwordPolicy()).minLength).toBe(8);
    expect(await client.register({ email, password: goodPassword, displayName: 'Ada' })).toEqual({
      status: 'VERIFICATION_SENT',
    });
    const first = await mailed(email, 'Confirm your e-mail address');
    expect(await client.resendVerificationEmail({ email })).toEqual({ accepted: true });
    const token = await mailed(email, 'Confirm your e-mail address');
    expect(token).toBe(first);
    expect(await client.verifyEmail({ token })).toEqual({ verified: true });
    const answer = await client.login({ email, password: goodPassword, deviceName: 'Loom' });
    expect(answer).toMatchObject({
      __typename: 'AuthSession',
      session: { deviceName: 'Loom', assurance: 'AAL1' },
      viewer: { email, displayName: 'Ada' },
    });
    expect(await client.viewer()).toMatchObject({ email, role: { name: 'USER' }, mfa: { enabled: false } });
    expect(client.session.id).toBe(starts[0]);
    expect(await client.logout()).toEqual({ revoked: true });
    expect(await client.viewer()).toBeNull();
    expect({ starts: starts.length, ends }).toEqual({ starts: 1, ends: ['SIGNED_OUT'] });
  });

  test('keeps its tokens out of results: the app gets the access token on request only', async () => {
    const { client, email } = await signedIn();
    const answer = await client.login({ email, password: goodPassword });
    expect(Object.keys(answer).toSorted()).toEqual(['__typename', 'session', 'viewer']);
    expect(await client.session.accessToken()).toMatch(/^ey[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('gets a new password by mail, and its sessions detect their end', async () => {
    const { client, ends, email } = await signedIn();
    const other = open();
    await other.client.requestPasswordReset({ email });
    const token = await mailed(email, 'Reset your password');
    expect(await other.client.resetPassword({ token, newPassword: nextPassword })).toEqual({ reset: true });
    expect(await errorOf(client.viewer())).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
    expect(ends).toEqual(['REVOKED']);
    expect(await client.viewer()).toBeNull();
    expect(await other.client.login({ email, password: nextPassword })).toMatchObject({ viewer: { email } });
  });

  test('changes its password, which ends the others', async () => {
    const { client, ends, email } = await signedIn();
    const other = open();
    await other.client.login({ email, password: goodPassword });
    const change = { currentPassword: goodPassword, newPassword: nextPassword };
    expect(await client.changePassword(change)).toEqual({ revokedCount: 1 });
    expect(await client.viewer()).toMatchObject({ email });
    expect(await errorOf(other.client.viewer())).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect({ ends, others: other.ends }).toEqual({ ends: [], others: ['REVOKED'] });
  });

  test('changes its name and address, exports its data and is deleted', async () => {
    const { client, ends, email } = await signedIn();
    const { viewer } = await client.updateProfile({ displayName: 'Grace', locale: 'de' });
    expect(viewer).toMatchObject({ displayName: 'Grace', locale: 'de' });
    await client.updateProfile({ locale: 'en' });
    const next = newAddress();
    expect(await client.requestEmailChange({ newEmail: next })).toEqual({ accepted: true });
    const confirmed = await client.confirmEmailChange({ token: await mailed(next, subjects.confirm) });
    expect(confirmed.viewer).toMatchObject({ email: next });
    await client.disownSession({ token: await mailed(email, subjects.changed) });
    expect(await errorOf(client.viewer())).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect(ends).toEqual(['REVOKED']);

    const leavingClient = await signedIn();
    expect((await leavingClient.client.exportMyData()).data).toMatchObject({ account: { email: leavingClient.email } });
    const { deletedAt, purgeAt } = await leavingClient.client.deleteAccount({ password: goodPassword });
    expect(new Date(purgeAt).getTime()).toBeGreaterThan(new Date(deletedAt).getTime());
    expect(leavingClient.ends).toEqual(['SIGNED_OUT']);
    expect(
      await errorOf(leavingClient.client.login({ email: leavingClient.email, password: goodPassword })),
    ).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
  });

  test('lists its sessions page by page, and its events', async () => {
    const { client, ends, email } = await signedIn();
    const other = open();
    await other.client.login({ email, password: goodPassword, deviceName: 'Other' });
    const page = await client.sessions({ first: 1 });
    expect(page?.nodes).toMatchObject([{ deviceName: 'Other', current: false }]);
    const [own] = (await client.sessions({ first: 1, after: page?.pageInfo.endCursor ?? null }))?.nodes ?? [];
    expect(own).toMatchObject({ id: client.session.id, current: true });
    expect((await client.securityEvents({ first: 5 }))?.nodes.map(({ action }) => action)).toContain('session.started');
    expect(await client.revokeSession({ id: other.client.session.id ?? '' })).toEqual({ revokedCount: 1 });
    expect(await errorOf(other.client.viewer())).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect(await client.revokeSession({ id: own?.id ?? '' })).toEqual({ revokedCount: 1 });
    expect(ends).toEqual(['SIGNED_OUT']);
    expect(await client.sessions()).toBeNull();
  });

  test('signs out everywhere', async () => {
    const { client, ends, email } = await signedIn();
    const other = open();
    await other.client.login({ email, password: goodPassword });
    expect(await client.logoutEverywhere()).toEqual({ revokedCount: 2 });
    expect(await errorOf(other.client.viewer())).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect({ ends, others: other.ends }).toEqual({ ends: ['SIGNED_OUT'], others: ['REVOKED'] });
  });
});

describe('second factors', () => {
  test('a TOTP secret is set up, required, used for step-up and removed', async () => {
    const { client, email } = await signedIn();
    const offer = await client.beginTotpEnrollment({ accountName: 'Work' });
    const code = () => codeAt(offer.secret, gateway.clock.now());
    expect(offer.otpauthUri).toContain('Work');
    const { backupCodes } = await client.confirmTotpEnrollment({ code: code() });
    expect(backupCodes).toHaveLength(10);

    const other = open();
    const { ticket, methods } = challengeIn(await other.client.login({ email, password: goodPassword }));
    expect(methods).toEqual(['TOTP', 'BACKUP_CODE']);
    expect(other.client.session.id).toBeNull();
    gateway.clock.travel(periodSeconds);
    expect(await other.client.verifyMfa({ ticket, method: 'TOTP', code: code() })).toMatchObject({
      session: { assurance: 'AAL2' },
    });

    gateway.clock.travel(11 * 60);
    expect(await errorOf(other.client.regenerateBackupCodes({ code: backupCodes[0] ?? '' }))).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
    });
    const before = other.client.session.heldToken;
    expect(await other.client.reauthenticate({ password: goodPassword, code: code() })).toMatchObject({
      viewer: { email },
      session: { id: other.client.session.id },
    });
    expect(other.client.session.heldToken).not.toBe(before);
    const renewed = await other.client.regenerateBackupCodes({ code: backupCodes[0] ?? '' });
    expect(renewed.backupCodes).toHaveLength(10);
    gateway.clock.travel(periodSeconds);
    expect((await other.client.disableTotp({ code: code() })).viewer).toMatchObject({ mfa: { enabled: false } });
  });

  test('a passkey is set up, used for sign-in and removed', async () => {
    const { client } = await signedIn();
    const key = new SoftwareAuthenticator();
    const { options } = await client.beginPasskeyRegistration();
    const { passkey } = await client.confirmPasskeyRegistration({ name: 'Ring', response: key.register(options) });
    expect(await client.passkeys()).toMatchObject([{ id: passkey.id, name: 'Ring' }]);

    const other = open();
    const offer = await other.client.beginPasskeyLogin();
    const answer = await other.client.loginWithPasskey({ response: key.sign(offer.options), deviceName: 'Ringed' });
    expect(answer).toMatchObject({ session: { assurance: 'AAL2', deviceName: 'Ringed' } });
    expect((await other.client.removePasskey({ id: passkey.id })).viewer).toMatchObject({ mfa: { enabled: false } });
  });

  test('a passkey prompt outside a browser fails with PASSKEY_UNSUPPORTED', async () => {
    await expect(open().client.signInWithPasskey()).rejects.toMatchObject({ code: 'PASSKEY_UNSUPPORTED' });
  });
});

describe('custom documents', () => {
  test('are sent with the session of the current user, as documents and as text, with types', async () => {
    const { client, email } = await signedIn();
    const { viewer } = await client.request(FullViewerDocument);
    expect(viewer?.email).toBe(email);
    const { updateProfile } = await client.request(UpdateProfileDocument, { input: { displayName: 'Ada' } });
    expect(updateProfile.viewer.displayName).toBe('Ada');
    const { ViewerDocument: text } = await import('../../packages/client/src/generated/operations.ts');
    expect((await client.request(text)).viewer?.displayName).toBe('Ada');
  });

  test('can be aborted', async () => {
    const { client } = await signedIn();
    const calling = new AbortController();
    proxy.next('Viewer', 'hang');
    const call = client.request(FullViewerDocument, {}, { signal: calling.signal });
    calling.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});

describe('errors', () => {
  test('are distinguished by their code, with its details', async () => {
    const { client } = open();
    const weak = await errorOf(client.register({ email: newAddress(), password: 'short' }));
    expect(isPosternError(weak)).toBe(true);
    expect(isPosternError(weak, 'INVALID_CREDENTIALS')).toBe(false);
    expect(isPosternError(new Error('BAD_USER_INPUT'), 'BAD_USER_INPUT')).toBe(false);
    if (!isPosternError(weak, 'BAD_USER_INPUT', 'CONFLICT')) throw weak;
    const code: 'BAD_USER_INPUT' | 'CONFLICT' = weak.code;
    expect(code).toBe('BAD_USER_INPUT');
    expect(weak.fields[0]).toMatchObject({ path: 'input.password', code: 'TOO_SHORT' });
    expect(weak.requestId).toMatch(/^[\da-f-]{36}$/);
    expect(gateway.logs.some((line) => line.includes(weak.requestId ?? '-'))).toBe(true);
  });

  test('about waiting say how long', async () => {
    const limited = await startTestGateway({ RATE_LIMITS: 'register=1/1h' });
    const { client } = open({ url: limited.url });
    await client.register({ email: newAddress(), password: goodPassword });
    const error = await errorOf(client.register({ email: newAddress(), password: goodPassword }));
    if (!isPosternError(error, 'RATE_LIMITED')) throw error;
    const seconds: number = error.retryAfter;
    expect(seconds).toBeGreaterThan(3000);
    expect(error.status).toBe(429);
    await limited.stop();
  });

  test('never contain a sent value or a secret, however they are printed', async () => {
    const { client, email } = await signedIn();
    const storage = new Map<string, string>();
    const kept = open({ storage: storageOf(storage) });
    await kept.client.login({ email, password: goodPassword });
    const token = await client.session.accessToken();
    const [refreshToken] = [...storage.values()].map((value) => /"token":"([^"]+)"/.exec(value)?.[1]).filter(Boolean);
    const secrets = ['Planted 9 secret', token ?? '', refreshToken ?? ''];
    expect(secrets.every((secret) => secret.length > 10)).toBe(true);
    const password = 'Planted 9 secret';
    const errors: unknown[] = [];
    const gather = async (call: Promise<unknown>) => errors.push(await errorOf(call));
    await gather(client.login({ email, password }));
    await gather(client.register({ email: 'no address', password }));
    await gather(client.reauthenticate({ password }));
    await gather(client.changePassword({ currentPassword: password, newPassword: 'x' }));
    await gather(client.verifyMfa({ ticket: password, method: 'TOTP', code: password }));
    for (const responseAction of ['refuse', 'halve', 502] as const) {
      proxy.next('Login', responseAction);
      await gather(client.login({ email, password: goodPassword }));
      proxy.next('Viewer', responseAction);
      await gather(client.viewer());
    }
    proxy.responseAction = (operation) =>
      operation === 'Refresh' ? { status: 200, body: { errors: [{ message: 'x' }] } } : 'answer';
    await gather(kept.client.refresh());
    proxy.responseAction = () => 'answer';
    expect(errors).toHaveLength(12);
    for (const error of errors) {
      const seen = [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), String(error)].join();
      for (const secret of [...secrets, goodPassword]) expect(seen).not.toContain(secret);
    }
  });

  test('of an unreachable gateway say so, with the cause', async () => {
    const { client } = open({ url: 'http://127.0.0.1:9' });
    const error = await errorOf(client.passwordPolicy());
    expect(error).toMatchObject({ code: 'NO_ANSWER', status: null, requestId: null });
    expect(inspect(error)).toContain('bad port');
    proxy.next('PasswordPolicy', 502);
    expect(await errorOf(open().client.passwordPolicy())).toMatchObject({ code: 'NO_ANSWER', status: 502 });
  });
});

function storageOf(items: Map<string, string>): TokenStorage {
  return {
    getItem: async (key) => items.get(key) ?? null,
    setItem: async (key, value) => void items.set(key, value),
    removeItem: async (key) => void items.delete(key),
  };
}

describe('bearer mode', () => {
  test('survives a restart with a storage, which never contains an access token', async () => {
    const items = new Map<string, string>();
    const storage = storageOf(items);
    const { client, email } = await signedIn({ storage });
    const token = await client.session.accessToken();
    expect([...items.values()].join()).not.toContain(token);
    const next = open({ storage });
    expect(await next.client.resume()).toBe(true);
    expect(await next.client.viewer()).toMatchObject({ email });
    expect(next.starts).toEqual([client.session.id]);
    await next.client.logout();
    expect([...items.keys()]).toEqual([expect.stringMatching(/:device$/)]);
    expect(await open({ storage }).client.resume()).toBe(false);
  });

  test('ignores a storage entry written by another program', async () => {
    const items = new Map<string, string>();
    const storage = storageOf(items);
    const { client } = await signedIn({ storage });
    const [key = ''] = [...items.keys()].filter((name) => name.endsWith(':session'));
    items.set(key, 'not ours');
    expect(await open({ storage }).client.resume()).toBe(false);
    client.close();
  });

  test('signs out with the refresh token alone when the access token has expired', async () => {
    const { client, ends } = await signedIn();
    gateway.clock.travel(16 * 60);
    expect(await client.logout()).toEqual({ revoked: true });
    expect(ends).toEqual(['SIGNED_OUT']);
    expect(await client.logout()).toEqual({ revoked: false });
  });

  test('signs out locally when the gateway cannot be reached, and reports it', { timeout: 60_000 }, async () => {
    const { client, ends } = await signedIn();
    proxy.responseAction = (operation) => (operation === 'Logout' ? 'refuse' : 'answer');
    const leaving = errorOf(client.logout());
    await until('the end of the session', () => ends.length === 1, 500);
    expect(await leaving).toMatchObject({ code: 'NO_ANSWER' });
    proxy.responseAction = () => 'answer';
    expect(ends).toEqual(['SIGNED_OUT']);
    expect(await client.viewer()).toBeNull();
  });

  test('repeats the sign-out when the response was lost', async () => {
    const { client } = await signedIn();
    const token = (await client.session.accessToken()) ?? '';
    proxy.next('Logout', 'lose');
    await client.logout();
    await expect(gateway.send(LogoutDocument, { input: {} }, token)).rejects.toThrow('Authentication is required');
  });

  test('keeps the device token and signs in with it during a lockout', async () => {
    const guarded = await startTestGateway();
    const email = await registerUser(guarded);
    const items = new Map<string, string>();
    const { client } = open({ url: guarded.url, storage: storageOf(items) });
    await client.login({ email, password: goodPassword });
    await client.logout();
    const stranger = open({ url: guarded.url });
    for (let guess = 0; guess < 6; guess += 1)
      await stranger.client.login({ email, password: 'Wrong guess 1' }).catch(() => undefined);
    expect(await errorOf(stranger.client.login({ email, password: goodPassword }))).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      retryAfter: expect.any(Number),
    });
    expect(await client.login({ email, password: goodPassword })).toMatchObject({ viewer: { email } });
    await guarded.stop();
  });

  test('two clients of one process are independent', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    expect(await one.client.viewer()).toMatchObject({ email: one.email });
    expect(await two.client.viewer()).toMatchObject({ email: two.email });
    await one.client.logout();
    expect(two.ends).toEqual([]);
    expect(await two.client.viewer()).toMatchObject({ email: two.email });
  });
});

describe('cookie mode', () => {
  async function page(jar = createCookieJar(app), items = new Map<string, string>()) {
    const watched = open({ delivery: 'COOKIE', fetch: jar.fetch, storage: storageOf(items) });
    return { ...watched, jar, items };
  }
  async function signedInPage() {
    const email = await registerUser(gateway);
    const opened = await page();
    await opened.client.login({ email, password: goodPassword });
    return { ...opened, email };
  }

  test('keeps the refresh token out of reach of scripts', async () => {
    const { client, jar, items } = await signedInPage();
    const refreshToken = jar.cookies.get('__Host-postern_refresh') ?? '';
    expect(refreshToken).toMatch(/^[\w-]{40,}/);
    expect([...items.values()].join()).not.toContain(refreshToken);
    expect([...items.keys()]).toEqual([expect.stringMatching(/:session$/)]);
    expect(await client.viewer()).not.toBeNull();
  });

  test('renews with the cookie and the CSRF token, also on the next page', async () => {
    const { client, jar, items, email, ends } = await signedInPage();
    const before = jar.cookies.get('__Host-postern_refresh');
    gateway.clock.travel(16 * 60);
    expect(await client.viewer()).toMatchObject({ email });
    expect(jar.cookies.get('__Host-postern_refresh')).not.toBe(before);
    const next = await page(jar, items);
    expect(await next.client.viewer()).toMatchObject({ email });
    expect(ends).toEqual([]);
  });

  test('reauthenticates, and the cookie rotates', async () => {
    const { client, jar, email } = await signedInPage();
    gateway.clock.travel(11 * 60);
    const before = jar.cookies.get('__Host-postern_refresh');
    await client.reauthenticate({ password: goodPassword });
    expect(jar.cookies.get('__Host-postern_refresh')).not.toBe(before);
    gateway.clock.travel(16 * 60);
    expect(await client.viewer()).toMatchObject({ email });
  });

  test('signs in with a second step by cookie as well', async () => {
    const { client, jar, email } = await signedInPage();
    const offer = await client.beginTotpEnrollment();
    const { backupCodes } = await client.confirmTotpEnrollment({ code: codeAt(offer.secret, gateway.clock.now()) });
    const next = await page(createCookieJar(app));
    const { ticket } = challengeIn(await next.client.login({ email, password: goodPassword }));
    await next.client.verifyMfa({ ticket, method: 'BACKUP_CODE', code: backupCodes[0] ?? '' });
    expect(next.jar.cookies.has('__Host-postern_refresh')).toBe(true);
    expect(jar.cookies.get('__Host-postern_refresh')).not.toBe(next.jar.cookies.get('__Host-postern_refresh'));
  });

  test('signs out with the cookie in any state of the session', async () => {
    const { jar, ends, client } = await signedInPage();
    const next = await page(jar);
    expect(await next.client.logout()).toEqual({ revoked: true });
    expect(jar.cookies.has('__Host-postern_refresh')).toBe(false);
    expect(await next.client.logout()).toEqual({ revoked: false });
    expect(await errorOf(client.viewer())).toMatchObject({ reason: 'SESSION_REVOKED' });
    expect(ends).toEqual(['REVOKED']);
  });

  test('ends when the cookie belongs to another session', async () => {
    const { client, jar, ends } = await signedInPage();
    const other = await page(jar);
    const email = await registerUser(gateway);
    await other.client.login({ email, password: goodPassword });
    gateway.clock.travel(16 * 60);
    expect(await errorOf(client.viewer())).toMatchObject({ code: 'CSRF_FAILED' });
    expect(ends).toEqual(['REFUSED']);
    expect(await other.client.viewer()).toMatchObject({ email });
  });
});

test('accepts a gateway address with the endpoint or with a trailing slash', async () => {
  for (const url of [gateway.url, `${gateway.url}/`, `${gateway.url}/graphql`]) {
    expect(await open({ url }).client.passwordPolicy()).toMatchObject({ preset: 'CLASSIC' });
  }
});

test('a session of another client is resumed from its storage', async () => {
  const email = await registerUser(gateway);
  const { refreshToken, session } = await signIn(gateway, email);
  const items = new Map([
    [`postern:${proxy.url}/graphql:session`, JSON.stringify({ sessionId: session.id, token: refreshToken })],
  ]);
  const { client } = open({ storage: storageOf(items) });
  expect(await client.viewer()).toMatchObject({ email });
});
