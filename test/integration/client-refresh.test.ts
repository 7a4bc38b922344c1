/**
 * How `@postern/client` keeps a session: one exchange for all requests, lost responses, limits, outages, and ends of
 * the session.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createPosternClient,
  type PosternClient,
  type PosternClientOptions,
  PosternError,
  type SessionEndReason,
  type TokenStorage,
} from '../../packages/client/src/client.ts';
import { createCookieJar } from '../support/gateway/cookie-jar.ts';
import { goodPassword, lockoutOff, registerUser, withRefreshToken } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullRefreshDocument, LogoutDocument } from '../support/generated/graphql.ts';
import { type LossyProxy, type ResponseAction, startLossyProxy } from '../support/proxies/lossy-proxy.ts';
import { until } from '../support/races/until.ts';

const app = 'https://app.example.com';
const accessTokenSeconds = 15 * 60;

let proxy: LossyProxy;
const gateway = useGateway({ ...lockoutOff, CORS_ORIGINS: app });
beforeAll(async () => {
  proxy = await startLossyProxy(() => gateway.url);
});
afterAll(() => proxy?.close());
const clients: PosternClient[] = [];
afterEach(() => {
  proxy.responseAction = () => 'answer';
  proxy.asked.length = 0;
  for (const client of clients.splice(0)) client.close();
});

interface Watched {
  client: PosternClient;
  email: string;
  ends: SessionEndReason[];
  starts: string[];
  /** The client's own clock, in seconds. */
  wait(seconds: number): void;
}

function open(email: string, options: Partial<PosternClientOptions> = {}): Watched {
  const ends: SessionEndReason[] = [];
  const starts: string[] = [];
  let now = 1000;
  const client = createPosternClient({
    url: proxy.url,
    now: () => now,
    onSessionStart: ({ id }) => starts.push(id),
    onSessionEnd: ({ reason }) => ends.push(reason),
    ...options,
  });
  clients.push(client);
  const wait = (seconds: number) => {
    now += seconds * 1000;
  };
  return { client, email, ends, starts, wait };
}

async function signedIn(options: Partial<PosternClientOptions> = {}): Promise<Watched> {
  const watched = open(await registerUser(gateway), options);
  await watched.client.login({ email: watched.email, password: goodPassword });
  return watched;
}

function storageOf(items = new Map<string, string>()): TokenStorage & { items: Map<string, string> } {
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
}

const refreshTokenIn = ({ items }: { items: Map<string, string> }) =>
  /"token":"([^"]+)"/.exec([...items.values()].join())?.[1] ?? '';

async function errorOf(call: Promise<unknown>): Promise<PosternError> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PosternError)) throw error;
  return error;
}

async function generationOf(id: string | null) {
  const [row] = await gateway.database.query<{ generation: number; reason: string | null }>(
    'select generation, revoked_reason as reason from token_families where id = $1',
    [id],
  );
  return row;
}

/** Moves both clocks forward together. */
function pass({ wait }: Watched, seconds: number): void {
  gateway.clock.travel(seconds);
  wait(seconds);
}

const viewAll = ({ client }: Watched, times: number) =>
  Promise.all(Array.from({ length: times }, () => client.viewer()));

describe('an access token', () => {
  test('is kept while it is valid', async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds - 60);
    await viewAll(watched, 3);
    expect(proxy.count('Refresh')).toBe(0);
  });

  test('is renewed shortly before its expiry, once for all requests', async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds - 20);
    const viewers = await viewAll(watched, 50);
    expect(viewers.every((viewer) => viewer?.email === watched.email)).toBe(true);
    expect(proxy.count('Refresh')).toBe(1);
    // No request was sent with the token that was about to expire.
    expect(proxy.count('Viewer')).toBe(50);
    expect(await generationOf(watched.client.session.id)).toEqual({ generation: 1, reason: null });
  });

  test('that expires earlier than expected is renewed once for all requests, and they are repeated', async () => {
    const watched = await signedIn();
    gateway.clock.travel(accessTokenSeconds + 60);
    const viewers = await viewAll(watched, 50);
    expect(viewers.every((viewer) => viewer?.email === watched.email)).toBe(true);
    expect({ refresh: proxy.count('Refresh'), viewer: proxy.count('Viewer') }).toEqual({ refresh: 1, viewer: 100 });
    expect(watched.ends).toEqual([]);
  });

  test('signed by an unknown key is renewed as well', async () => {
    const storage = storageOf();
    const watched = await signedIn({ storage, tabs: true });
    const other = new BroadcastChannel(`postern:${proxy.url}/graphql`);
    const id = watched.client.session.id;
    other.postMessage({ kind: 'tokens', sessionId: id, accessToken: 'e30.e30.e30', lifetimeMs: 9e5, remainingMs: 9e5 });
    await until('the news', () => watched.client.session.heldToken === 'e30.e30.e30');
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
    expect(proxy.count('Refresh')).toBe(1);
    other.close();
  });

  test('is renewed on demand, once for all callers', async () => {
    const watched = await signedIn();
    expect(await Promise.all([watched.client.refresh(), watched.client.refresh()])).toEqual([true, true]);
    expect(proxy.count('Refresh')).toBe(1);
    expect(await open(watched.email).client.refresh()).toBe(false);
  });

  test('is not requested without a session', async () => {
    const { client } = open('');
    expect(await client.viewer()).toBeNull();
    expect(proxy.asked.map(({ operation, headers }) => [operation, headers.authorization])).toEqual([
      ['Viewer', undefined],
    ]);
  });
});

test('a request of one user is never repeated for the next user', async () => {
  const next = await registerUser(gateway);
  const watched: Watched = await signedIn({
    async fetch(input, init) {
      const response = await fetch(input, init);
      // Another user signs in before the response arrives.
      const isRename = String(init?.body).includes('UpdateProfile');
      if (isRename) await watched.client.login({ email: next, password: goodPassword });
      return response;
    },
  });
  gateway.clock.travel(accessTokenSeconds + 60);
  expect(await errorOf(watched.client.updateProfile({ displayName: 'Mallory' }))).toMatchObject({
    reason: 'TOKEN_EXPIRED',
  });
  expect(proxy.count('UpdateProfile')).toBe(1);
  expect(await watched.client.viewer()).toMatchObject({ email: next, displayName: null });
  expect(watched.ends).toEqual(['REPLACED']);
});

describe('a lost response', () => {
  const responseActions: [string, ResponseAction][] = [
    ['breaks off before it begins', 'lose'],
    ['breaks off in the middle', 'halve'],
    ['is replaced by 502', 502],
    ['is replaced by 503', 503],
    ['is replaced by 504', 504],
    ['was never asked for', 'refuse'],
  ];
  const modes: [string, () => Partial<PosternClientOptions>][] = [
    ['bearer', () => ({})],
    ['cookie', () => ({ delivery: 'COOKIE', fetch: createCookieJar(app).fetch })],
  ];

  describe.each(modes)('%s', (_mode, optionsOf) => {
    test.each(responseActions)('%s: the session continues', async (_how, responseAction) => {
      const watched = await signedIn(optionsOf());
      pass(watched, accessTokenSeconds);
      proxy.next('Refresh', responseAction, responseAction);
      expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
      expect(proxy.count('Refresh')).toBe(3);
      // The newest token is stored: it is valid after the grace period as well.
      pass(watched, accessTokenSeconds);
      expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
      expect(await generationOf(watched.client.session.id)).toMatchObject({ reason: null });
      expect(watched.ends).toEqual([]);
    });
  });

  test('that hangs is abandoned in time for a retry', { timeout: 60_000 }, async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds);
    proxy.next('Refresh', 'hang');
    const begun = performance.now();
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
    expect(performance.now() - begun).toBeLessThan(9000);
  });

  test('repeatedly is an error, and the session continues when the gateway responds', { timeout: 60_000 }, async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds);
    proxy.responseAction = (operation) => (operation === 'Refresh' ? 'lose' : 'answer');
    const begun = performance.now();
    expect(await errorOf(watched.client.viewer())).toMatchObject({ code: 'NO_ANSWER' });
    expect(performance.now() - begun).toBeLessThan(9500);
    expect(await generationOf(watched.client.session.id)).toEqual({ generation: 1, reason: null });
    expect(watched.ends).toEqual([]);
    proxy.responseAction = () => 'answer';
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
  });

  test.each(modes)(
    'of reauthenticate uses up the refresh token: its successor is fetched at once (%s)',
    async (_mode, optionsOf) => {
      const watched = await signedIn(optionsOf());
      proxy.next('Reauthenticate', 'lose');
      expect(await errorOf(watched.client.reauthenticate({ password: goodPassword }))).toMatchObject({
        code: 'NO_ANSWER',
      });
      pass(watched, accessTokenSeconds);
      expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
      expect(watched.ends).toEqual([]);
    },
  );
});

describe('the session continues', () => {
  const refusedWith = (code: string, retryAfter?: number): ResponseAction => ({
    status: code === 'RATE_LIMITED' ? 429 : code === 'INTERNAL_SERVER_ERROR' ? 200 : 503,
    body: {
      errors: [{ message: code, extensions: { code, requestId: 'r-12345678', ...(retryAfter && { retryAfter }) } }],
    },
  });

  test.each(['SERVICE_BUSY', 'SERVICE_UNAVAILABLE'])(
    '%s: the client waits as long as required, and retries',
    async (code) => {
      const watched = await signedIn();
      pass(watched, accessTokenSeconds);
      proxy.next('Refresh', refusedWith(code, 1));
      const begun = performance.now();
      expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
      expect(performance.now() - begun).toBeGreaterThan(990);
      expect(watched.ends).toEqual([]);
    },
  );

  test('INTERNAL_SERVER_ERROR: the client throws it', async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds);
    proxy.next('Refresh', refusedWith('INTERNAL_SERVER_ERROR'));
    expect(await errorOf(watched.client.viewer())).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
    expect(watched.ends).toEqual([]);
  });

  test('RATE_LIMITED: the client sends nothing until the wait is over', async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds);
    proxy.next('Refresh', refusedWith('RATE_LIMITED', 40));
    for (const _time of [1, 2, 3])
      expect(await errorOf(watched.client.viewer())).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 40 });
    expect(proxy.count('Refresh')).toBe(1);
    pass(watched, 41);
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
    expect(watched.ends).toEqual([]);
  });

  test('when a renewal fails while the token is valid for some seconds', async () => {
    const watched = await signedIn();
    pass(watched, accessTokenSeconds - 20);
    proxy.next('Refresh', refusedWith('RATE_LIMITED', 40));
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
    expect(proxy.count('Refresh')).toBe(1);
  });

  test('after an error of any other operation', async () => {
    const watched = await signedIn();
    for (const code of ['SERVICE_BUSY', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'FORBIDDEN', 'CSRF_FAILED']) {
      proxy.next('Viewer', refusedWith(code));
      expect(await errorOf(watched.client.viewer())).toMatchObject({ code });
    }
    expect(await watched.client.viewer()).toMatchObject({ email: watched.email });
    expect(watched.ends).toEqual([]);
  });
});

describe('the session ends', () => {
  test('when a renewal is refused: every waiting caller is notified, the app once, and the next request is anonymous', async () => {
    const watched = await signedIn();
    await gateway.send(LogoutDocument, { input: {} }, watched.client.session.heldToken ?? '');
    pass(watched, accessTokenSeconds);
    const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(watched.client.viewer())));
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['INVALID_REFRESH_TOKEN']));
    expect(proxy.count('Refresh')).toBe(1);
    expect(watched.ends).toEqual(['REFUSED']);
    expect(await watched.client.viewer()).toBeNull();
    expect(proxy.count('Refresh')).toBe(1);
  });

  test('when it is revoked elsewhere: the app is notified once, however many requests detect it', async () => {
    const watched = await signedIn();
    await gateway.send(LogoutDocument, { input: {} }, watched.client.session.heldToken ?? '');
    const errors = await Promise.all(Array.from({ length: 20 }, () => errorOf(watched.client.viewer())));
    expect(new Set(errors.map(({ reason }) => reason))).toEqual(new Set(['SESSION_REVOKED']));
    expect(watched.ends).toEqual(['REVOKED']);
    expect(proxy.count('Refresh')).toBe(0);
  });

  test('when a stolen token was used', async () => {
    const storage = storageOf();
    const watched = await signedIn({ storage });
    const stolen = await gateway.send(FullRefreshDocument, { input: { refreshToken: refreshTokenIn(storage) } });
    await gateway.send(FullRefreshDocument, { input: { refreshToken: withRefreshToken(stolen.refresh).refreshToken } });
    pass(watched, accessTokenSeconds);
    expect(await errorOf(watched.client.viewer())).toMatchObject({ code: 'INVALID_REFRESH_TOKEN' });
    expect(await generationOf(watched.starts[0] ?? '')).toMatchObject({ reason: 'reuse_detected' });
    expect(watched.ends).toEqual(['REFUSED']);
  });

  test('after seven days without use', async () => {
    const storage = storageOf();
    const watched = await signedIn({ storage });
    gateway.clock.travel(7 * 24 * 60 * 60 + 1);
    const next = open(watched.email, { storage });
    expect(await next.client.resume()).toBe(false);
    expect({ starts: next.starts, ends: next.ends }).toEqual({ starts: [], ends: ['REFUSED'] });
  });
});

describe('clients that share a storage', () => {
  async function twoTabs() {
    const storage = storageOf();
    const one = await signedIn({ storage, tabs: true });
    const two = open(one.email, { storage, tabs: true });
    expect(await two.client.viewer()).toMatchObject({ email: one.email });
    proxy.asked.length = 0;
    return { one, two, storage };
  }

  test('renew once for both', async () => {
    const { one, two } = await twoTabs();
    await until('the news', () => one.client.session.heldToken === two.client.session.heldToken);
    for (let round = 1; round <= 10; round += 1) {
      gateway.clock.travel(accessTokenSeconds);
      one.wait(accessTokenSeconds);
      two.wait(accessTokenSeconds);
      await Promise.all([viewAll(one, 5), viewAll(two, 5)]);
      expect(proxy.count('Refresh')).toBe(round);
    }
    expect([...one.ends, ...two.ends]).toEqual([]);
  });

  test('renew once when the second client asks before the message of the first arrives', async () => {
    const { one, two } = await twoTabs();
    for (let round = 1; round <= 10; round += 1) {
      const stale = await one.client.session.accessToken();
      await until('the news', () => two.client.session.heldToken === stale);
      const fresh = await one.client.session.renew(stale);
      expect(await two.client.session.renew(stale)).toBe(fresh);
      expect(proxy.count('Refresh')).toBe(round);
    }
  });

  test('sign out and in together', async () => {
    const { one, two } = await twoTabs();
    await one.client.logout();
    await until('the end in the other', () => two.ends.length > 0);
    expect(two.ends).toEqual(['SIGNED_OUT']);
    expect(await two.client.viewer()).toBeNull();
    await two.client.login({ email: two.email, password: goodPassword });
    await until('the start in the other', () => one.client.session.id === two.client.session.id);
    expect(await one.client.viewer()).toMatchObject({ email: two.email });
    expect(proxy.count('Refresh')).toBe(0);
  });

  test('switch to the user that signs in in one of them, and report it', async () => {
    const { one, two } = await twoTabs();
    const email = await registerUser(gateway);
    await two.client.login({ email, password: goodPassword });
    await until('the other session in the first', () => one.client.session.id === two.client.session.id);
    expect(await one.client.viewer()).toMatchObject({ email });
    expect({ ends: one.ends, starts: one.starts.length }).toEqual({ ends: ['REPLACED'], starts: 2 });
  });

  test('ignore messages that are not theirs', async () => {
    const { one } = await twoTabs();
    const channel = new BroadcastChannel(`postern:${proxy.url}/graphql`);
    const id = one.client.session.id;
    const held = one.client.session.heldToken;
    const wrong = [
      null,
      'end',
      {},
      { kind: 'end' },
      { kind: 'end', sessionId: id, reason: 'WHIM' },
      { kind: 'tokens', sessionId: id },
    ];
    for (const message of wrong) channel.postMessage(message);
    channel.postMessage({ kind: 'end', sessionId: 'another', reason: 'SIGNED_OUT' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect({ held: one.client.session.heldToken, ends: one.ends }).toEqual({ held, ends: [] });
    channel.close();
  });
});
