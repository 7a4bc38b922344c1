/** The route handler of `@postern/react/next` between `@postern/client` and a real gateway. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPosternClient, type PosternClient } from '../../packages/client/src/client.ts';
import { createGateway } from '../../packages/react/src/next/gateway.ts';
import { KeptSessions } from '../../packages/react/src/next/kept-session.ts';
import { createRelay, type Relay } from '../../packages/react/src/next/relay.ts';
import { createRenewal } from '../../packages/react/src/next/renewal.ts';
import { readCookies } from '../../packages/react/src/next/sealed-cookie.ts';
import { createSealer } from '../../packages/react/src/next/sealer.ts';
import { familyState } from '../support/browser/tabs.ts';
import { goodPassword, registerUser, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { freePort } from '../support/servers/free-port.ts';

const origin = 'https://app.example.com';
const accessTokenSeconds = 15 * 60;

let gateway: TestGateway;
let sessions: KeptSessions;
let relay: Relay;
let email: string;
beforeAll(async () => {
  const PORT = String(await freePort());
  const settings = { PORT, PUBLIC_URL: `http://127.0.0.1:${PORT}`, TRUSTED_PROXIES: '127.0.0.1' };
  gateway = await startTestGateway({ ...settings, LOCKOUT: '100/15m' });
  sessions = new KeptSessions(createSealer([Uint8Array.from(randomBytes(32))]));
  relay = createRelay(createGateway(gateway.url), sessions);
});
afterAll(() => gateway.stop());
beforeEach(async () => {
  email = await registerUser(gateway);
});

/** A page with its cookies. It sees what scripts see. */
class Page {
  readonly cookies = new Map<string, string>();
  /** The bodies and the headers of all answers, as scripts can read them. */
  readonly seen: string[] = [];
  readonly client: PosternClient;

  constructor() {
    this.client = createPosternClient({
      url: `${origin}/api/postern`,
      delivery: 'COOKIE',
      now: () => gateway.clock.now().getTime(),
      fetch: (input, init) => this.send(new Request(input, init)),
    });
  }

  async send(
    request: Request,
    headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' },
  ): Promise<Response> {
    const sent = new Request(request, { headers: { ...Object.fromEntries(request.headers), ...headers } });
    if (this.cookies.size > 0) sent.headers.set('cookie', this.header());
    const path = new URL(request.url).pathname.split('/').slice(3);
    const response = await relay(sent, { params: Promise.resolve({ path }) });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const readable = [...response.headers].filter(([name]) => name !== 'set-cookie');
    this.seen.push(JSON.stringify(readable), await response.clone().text());
    return response;
  }

  header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  kept() {
    return sessions.read(readCookies(this.header()));
  }

  #keep(line: string): void {
    const [, name = '', value = '', maxAge] =
      /^([^=]+)=([^;]*); Path=\/; Max-Age=(\d+); HttpOnly; Secure; SameSite=Lax$/.exec(line) ?? [];
    if (Number(maxAge) > 0) this.cookies.set(name, value);
    else this.cookies.delete(name);
  }
}

function graphql(query: string, variables: object = {}, init: RequestInit = {}): Request {
  const headers = { 'content-type': 'application/json' };
  return new Request(`${origin}/api/postern/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query, variables }),
    ...init,
  });
}

const signIn = async (page: Page) => {
  const answer = await page.client.login({ email, password: goodPassword });
  if (answer.__typename !== 'AuthSession') throw new Error('a second factor');
  return answer;
};

describe('a session', () => {
  test('begins, is renewed and ends by the client, and no script sees a token of it', async () => {
    const page = new Page();
    const { session } = await signIn(page);
    expect((await page.client.viewer())?.email).toBe(email);
    gateway.clock.travel(accessTokenSeconds + 60);
    expect((await page.client.viewer())?.email).toBe(email);
    expect(await familyState(gateway, session)).toMatchObject({ generation: 1, reason: null });
    await page.client.reauthenticate({ password: goodPassword });
    const { accessToken, refreshToken } = (await page.kept()) ?? {};
    expect(accessToken).toMatch(/^eyJ/);
    const [secret] = [...page.cookies.values()];
    for (const text of page.seen) {
      for (const token of ['eyJ', refreshToken ?? 'missing', secret ?? 'missing']) expect(text).not.toContain(token);
    }
    expect(await page.client.logout()).toEqual({ revoked: true });
    expect(await page.kept()).toBeNull();
    expect([...page.cookies.keys()]).toEqual(['__Host-postern_next_device']);
    expect(await page.client.viewer()).toBeNull();
  });

  test('continues on the next page of the browser', async () => {
    const page = new Page();
    await signIn(page);
    expect(page.seen.join()).toContain('kept-by-the-server-');
    expect(await page.client.refresh()).toBe(true);
    expect((await page.client.viewer())?.email).toBe(email);
  });

  test('has the address and the browser of the client', async () => {
    const page = new Page();
    const input = { email, password: goodPassword, delivery: 'COOKIE' };
    const query =
      'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthSession { session { ipAddress userAgent } } } }';
    const headers = { 'sec-fetch-site': 'same-origin', 'x-forwarded-for': '198.51.100.7', 'user-agent': 'A browser' };
    const answer = await (await page.send(graphql(query, { input }), headers)).json();
    expect(answer.data.login.session).toEqual({ ipAddress: '198.51.100.7', userAgent: 'A browser' });
    // This document has no access token: the first page renews.
    expect(await page.kept()).toMatchObject({ accessToken: null, refreshToken: expect.any(String) });
  });
});

describe('a script', () => {
  const login =
    'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthSession { x: accessToken y: refreshToken } } }';

  test('reads no access token under another name', async () => {
    const page = new Page();
    const input = { email, password: goodPassword, delivery: 'COOKIE' };
    const answer = await (await page.send(graphql(login, { input }))).json();
    expect(answer.data.login).toEqual({ x: expect.stringMatching(/^kept-by-the-server-/), y: null });
  });

  test('gets no tokens in the answer by asking for them', async () => {
    const page = new Page();
    const answer = await page.send(graphql(login, { input: { email, password: goodPassword } }));
    expect(answer.status).toBe(400);
    expect(page.seen.join()).not.toContain('eyJ');
    expect(page.cookies.size).toBe(0);
  });
});

describe('the handler refuses', () => {
  const query = '{ passwordPolicy { minLength } }';
  const json = { 'content-type': 'application/json' };

  test.each<[number, string, Request, Record<string, string>]>([
    [403, 'another site', graphql(query), { 'sec-fetch-site': 'cross-site' }],
    [403, 'another origin of the site', graphql(query), { 'sec-fetch-site': 'same-site' }],
    [403, 'no header of a browser', graphql(query), {}],
    [403, 'a foreign origin', graphql(query), { origin: 'https://evil.example', host: 'app.example.com' }],
    [200, 'the own origin', graphql(query), { origin, host: 'app.example.com' }],
    [
      415,
      'a form',
      graphql(query, {}, { headers: { 'content-type': 'text/plain' } }),
      { 'sec-fetch-site': 'same-origin' },
    ],
    [
      404,
      'another path',
      new Request(`${origin}/api/postern/metrics`, { method: 'POST', headers: json, body: '{}' }),
      { 'sec-fetch-site': 'same-origin' },
    ],
    [
      404,
      'a longer path',
      new Request(`${origin}/api/postern/graphql/x`, { method: 'POST', headers: json, body: '{}' }),
      { 'sec-fetch-site': 'same-origin' },
    ],
    [413, 'a large body', graphql('x'.repeat(300_000)), { 'sec-fetch-site': 'same-origin' }],
  ])('%i: %s', async (status, _what, request, headers) => {
    expect((await new Page().send(request, headers)).status).toBe(status);
  });
});

test('a gateway that is away answers 503 and ends no session', async () => {
  const page = new Page();
  await signIn(page);
  const before = page.header();
  const away = createRelay(createGateway(`http://127.0.0.1:${await freePort()}`), sessions);
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie: before };
  const response = await away(graphql('{ viewer { id } }', {}, { headers }), {
    params: Promise.resolve({ path: ['graphql'] }),
  });
  expect([response.status, response.headers.getSetCookie()]).toEqual([503, []]);
});

describe('a renewal', () => {
  async function keptSession() {
    const page = new Page();
    const { session } = await signIn(page);
    const kept = await page.kept();
    if (!kept) throw new Error('there is no session');
    return { page, kept, session };
  }

  test('of ten requests at once in two processes gives all of them one successor', async () => {
    const { kept, session } = await keptSession();
    const processes = [createRenewal(createGateway(gateway.url)), createRenewal(createGateway(gateway.url))];
    const renewed = await Promise.all(
      Array.from({ length: 10 }, (_, index) => processes[index % 2]?.(kept, new Headers())),
    );
    expect(new Set(renewed.map((one) => (typeof one === 'object' ? one.refreshToken : one))).size).toBe(1);
    expect(await familyState(gateway, session)).toMatchObject({ generation: 1, reason: null });
  });

  test('of ten requests at once in one process is one request to the gateway', async () => {
    const { kept } = await keptSession();
    const refreshes = () => gateway.logs.filter((line) => line.includes('"fields":["refresh"]')).length;
    const before = refreshes();
    const renew = createRenewal(createGateway(gateway.url));
    await Promise.all(Array.from({ length: 10 }, () => renew(kept, new Headers())));
    expect(refreshes()).toBe(before + 1);
  });

  test('of a session that was revoked reports its end', async () => {
    const { page, kept } = await keptSession();
    await page.client.logout();
    expect(await createRenewal(createGateway(gateway.url))(kept, new Headers())).toBe('ended');
  });

  test('while the gateway is away leaves the session', async () => {
    const { kept } = await keptSession();
    const away = createGateway(`http://127.0.0.1:${await freePort()}`);
    expect(await createRenewal(away)(kept, new Headers())).toBe('later');
  });
});
