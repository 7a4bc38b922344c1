/** Browser sessions: attributes of their cookies, what a request needs to use one, and which origins are allowed. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  askFrom,
  type Cookie,
  cookieOf,
  deviceCookie,
  familyState,
  loginFrom,
  openTabAt,
  refreshCookie,
  type Tab,
  tabOf,
} from '../support/browser/tabs.ts';
import { bearer, goodPassword, newAddress, type SignedIn, sessionIn, signIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
} from '../support/generated/graphql.ts';

const own = 'https://auth.example.com';
const app = 'https://app.example.com';
const admin = 'https://admin.example.com:8443';

let email: string;
const gateway = useGateway({ EMAIL_VERIFICATION: 'off', CORS_ORIGINS: `${app}, ${admin}` });
beforeAll(async () => {
  email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
});

const ask = <Result, Variables extends object>(
  document: TypedDocumentNode<Result, Variables>,
  variables: Variables,
  headers: Record<string, string> = {},
) => askFrom(gateway, document, variables, headers);
const openTab = () => openTabAt(gateway, email, app);
const login = (headers: Record<string, string> = {}) => loginFrom(gateway, email, { origin: app, ...headers });
const spending = (tab: Tab, origin = app) => ({ ...cookieOf(tab), 'x-csrf-token': tab.csrfToken, origin });

const refreshWith = (headers: Record<string, string>) => ask(FullRefreshDocument, { input: {} }, headers);
const logoutWith = (headers: Record<string, string>, refreshToken?: string) =>
  ask(LogoutDocument, { input: refreshToken ? { refreshToken } : {} }, headers);

async function refreshTab(tab: Tab, origin = app): Promise<Tab> {
  const { data, cookies, text } = await refreshWith(spending(tab, origin));
  if (!data) throw new Error(text);
  return tabOf(data.refresh, cookies);
}

const stateOf = (session: { id: string }) => familyState(gateway, session);
const viewerWith = (headers: Record<string, string>) => ask(FullViewerDocument, {}, headers);
const isAlive = async ({ accessToken }: Tab | SignedIn) => (await viewerWith(bearer(accessToken))).code === null;

const cleared: Cookie = {
  name: refreshCookie,
  value: '',
  attributes: ['Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Strict', 'Secure'],
};

/** Origins that a foreign or broken page sends. */
const foreignOrigins: [string, Record<string, string>][] = [
  ['none', {}],
  ['an empty one', { origin: '' }],
  ['another site', { origin: 'https://evil.example' }],
  ['null (a sandboxed frame)', { origin: 'null' }],
  ['a sub-domain', { origin: 'https://x.app.example.com' }],
  ['the parent domain', { origin: 'https://example.com' }],
  ['a sibling', { origin: 'https://www.example.com' }],
  ['a name that begins with ours', { origin: `${app}.evil.example` }],
  ['a name that ends with ours', { origin: 'https://evilapp.example.com' }],
  ['ours as user name', { origin: `${app}@evil.example` }],
  ['ours without TLS', { origin: 'http://app.example.com' }],
  ['ours on another port', { origin: `${app}:8443` }],
  ['ours without its port', { origin: 'https://admin.example.com' }],
  ['ours with a path', { origin: `${app}/` }],
  ['ours in capitals', { origin: app.toUpperCase() }],
  ['ours among others', { origin: `${app}, https://evil.example` }],
  ['a wildcard', { origin: '*' }],
  ['ours in Referer only', { referer: `${own}/` }],
];

describe('sign-in', () => {
  test('returns the refresh token in an HttpOnly cookie only', async () => {
    const { data, cookies, text } = await login();
    const session = data && sessionIn(data.login);
    const [refresh, device, ...others] = cookies;
    expect(others).toEqual([]);
    expect(refresh).toEqual({
      name: refreshCookie,
      value: expect.stringMatching(/^[\w-]{70}$/),
      attributes: [
        `Expires=${new Date(session?.refreshTokenExpiresAt ?? '').toUTCString()}`,
        'HttpOnly',
        'Path=/',
        'SameSite=Strict',
        'Secure',
      ],
    });
    expect(device).toEqual({
      name: deviceCookie,
      value: expect.stringMatching(/^[\w-]{90,}$/),
      attributes: ['HttpOnly', 'Max-Age=15552000', 'Path=/', 'SameSite=Strict', 'Secure'],
    });
    expect(data?.login).toMatchObject({ refreshToken: null, deviceToken: null });
    expect(session?.csrfToken).toMatch(/^[\w-]{43}$/);
    for (const cookie of cookies) expect(text).not.toContain(cookie.value);
  });

  test('keeps the cookie as long as the session: longer when remembered', async () => {
    const input = { email, password: goodPassword, delivery: 'COOKIE', rememberMe: true } as const;
    const { cookies } = await ask(FullLoginDocument, { input }, { origin: app });
    const end = new Date(gateway.clock.now().getTime() + 30 * 24 * 60 * 60 * 1000);
    expect(cookies[0]?.attributes[0]).toBe(`Expires=${end.toUTCString()}`);
  });

  test('without cookie mode sets no cookie and returns no CSRF token', async () => {
    const { data, cookies } = await ask(
      FullLoginDocument,
      { input: { email, password: goodPassword } },
      { origin: app },
    );
    expect(cookies).toEqual([]);
    expect(data?.login).toMatchObject({
      csrfToken: null,
      refreshToken: expect.any(String),
      deviceToken: expect.any(String),
    });
  });

  test('that fails sets no cookie', async () => {
    const input = { email, password: 'Wander 8 lanterns', delivery: 'COOKIE' } as const;
    const { code, cookies } = await ask(FullLoginDocument, { input }, { origin: app });
    expect({ code, cookies }).toEqual({ code: 'INVALID_CREDENTIALS', cookies: [] });
  });

  test('gives every session a CSRF token of its own', async () => {
    const [one, other] = [await openTab(), await openTab()];
    expect(one.csrfToken).not.toBe(other.csrfToken);
  });
});

describe('refresh with the cookie', () => {
  test.each([own, app, admin])('works with the CSRF token of the session and from %s', async (origin) => {
    const tab = await openTab();
    const { data, cookies, text } = await refreshWith(spending(tab, origin));
    expect(cookies).toEqual([
      {
        name: refreshCookie,
        value: expect.stringMatching(/^[\w-]{70}$/),
        attributes: [
          `Expires=${new Date(data?.refresh.refreshTokenExpiresAt ?? '').toUTCString()}`,
          'HttpOnly',
          'Path=/',
          'SameSite=Strict',
          'Secure',
        ],
      },
    ]);
    expect(cookies[0]?.value).not.toBe(tab.refreshToken);
    expect(data?.refresh).toMatchObject({ refreshToken: null, deviceToken: null, session: { id: tab.id } });
    expect(text).not.toContain(cookies[0]?.value);
    expect(await stateOf(tab)).toEqual({ generation: 1, reason: null });
  });

  test('keeps the CSRF token for the life of the session', async () => {
    const first = await openTab();
    let tab = first;
    for (let round = 1; round <= 4; round += 1) {
      gateway.clock.travel(6 * 24 * 60 * 60);
      tab = await refreshTab({ ...tab, csrfToken: first.csrfToken });
      expect(tab.csrfToken).toBe(first.csrfToken);
    }
    expect(await stateOf(tab)).toEqual({ generation: 4, reason: null });
  });

  test('works beside an expired access token', async () => {
    const tab = await openTab();
    gateway.clock.travel(16 * 60);
    const { data } = await refreshWith({ ...spending(tab), ...bearer(tab.accessToken) });
    expect(data?.refresh.session.id).toBe(tab.id);
  });

  test.each(foreignOrigins)('is refused from a foreign origin, and changes nothing: %s', async (_what, headers) => {
    const tab = await openTab();
    const { code, data, cookies } = await refreshWith({
      ...cookieOf(tab),
      'x-csrf-token': tab.csrfToken,
      ...headers,
    });
    expect({ code, data, cookies }).toEqual({ code: 'CSRF_FAILED', data: null, cookies: [] });
    expect(await stateOf(tab)).toEqual({ generation: 0, reason: null });
    expect(await isAlive(tab)).toBe(true);
  });

  const badTokens: [string, (tab: Tab, other: Tab) => string | null][] = [
    ['a missing one', () => null],
    ['an empty one', () => ''],
    ['a made-up one', () => 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E'],
    ['that of another session', (_tab, other) => other.csrfToken],
    ['a shortened one', ({ csrfToken }) => csrfToken.slice(0, -2)],
    ['one with a suffix', ({ csrfToken }) => `${csrfToken}AAAA`],
    ['one that was sent twice', ({ csrfToken }) => `${csrfToken}, ${csrfToken}`],
    ['the refresh token', ({ refreshToken }) => refreshToken],
    ['the session’s id', ({ id }) => id],
    ['one of NULs', () => 'A'.repeat(43)],
  ];

  test.each(badTokens)('is refused with a wrong CSRF token, and changes nothing: %s', async (_what, pick) => {
    const [tab, other] = [await openTab(), await openTab()];
    const token = pick(tab, other);
    const { code, data, cookies } = await refreshWith({
      ...cookieOf(tab),
      origin: app,
      ...(token === null ? {} : { 'x-csrf-token': token }),
    });
    expect({ code, data, cookies }).toEqual({ code: 'CSRF_FAILED', data: null, cookies: [] });
    expect(await stateOf(tab)).toEqual({ generation: 0, reason: null });
    expect(await stateOf(other)).toEqual({ generation: 0, reason: null });
    expect((await refreshTab(tab)).id).toBe(tab.id);
  });

  test('is refused with the CSRF token of an earlier sign-in in the same browser', async () => {
    const before = await openTab();
    const again = await login(cookieOf(before));
    if (!again.data) throw new Error(again.text);
    const now = tabOf(sessionIn(again.data.login), again.cookies);
    expect(now.csrfToken).not.toBe(before.csrfToken);
    expect((await refreshWith(spending({ ...now, csrfToken: before.csrfToken }))).code).toBe('CSRF_FAILED');
    expect(await stateOf(now)).toEqual({ generation: 0, reason: null });
    expect((await refreshTab(now)).id).toBe(now.id);
  });

  test('never acts in the session of a planted cookie', async () => {
    const victim = await openTab();
    const attacker = await openTab();
    const both = (first: string, second: string) => ({
      ...spending(victim),
      cookie: `${refreshCookie}=${first}; ${refreshCookie}=${second}`,
    });
    const orders = [
      both(attacker.refreshToken, victim.refreshToken),
      both('garbage', victim.refreshToken),
      both('', victim.refreshToken),
      both(victim.refreshToken, attacker.refreshToken),
    ];
    for (const headers of orders) {
      const { code, data, cookies } = await refreshWith(headers);
      if (code === null) {
        expect(data?.refresh.session.id).toBe(victim.id);
      } else {
        expect({ code, cookies }).toEqual({ code: 'CSRF_FAILED', cookies: [] });
      }
      expect(await stateOf(attacker)).toEqual({ generation: 0, reason: null });
    }
    expect(await stateOf(victim)).toMatchObject({ reason: null });
    expect(await isAlive(victim)).toBe(true);
  });

  test('ignores a cookie with a similar name', async () => {
    const tab = await openTab();
    for (const name of ['postern_refresh', '__Secure-postern_refresh', '__host-postern_refresh', deviceCookie]) {
      const headers = { ...spending(tab), cookie: `${name}=${tab.refreshToken}` };
      expect((await refreshWith(headers)).code).toBe('INVALID_REFRESH_TOKEN');
    }
    expect(await stateOf(tab)).toEqual({ generation: 0, reason: null });
  });
});

describe('a lost refresh race', () => {
  test('gives both tabs the one successor, in the cookie as well', async () => {
    const tab = await openTab();
    const answers = await Promise.all(Array.from({ length: 10 }, () => refreshWith(spending(tab))));
    expect(answers.map(({ code }) => code)).toEqual(Array(10).fill(null));
    const successors = new Set(answers.flatMap(({ cookies }) => cookies.map(({ value }) => value)));
    expect(successors.size).toBe(1);
    expect(answers.flatMap(({ cookies }) => cookies)).toHaveLength(10);
    expect(await stateOf(tab)).toEqual({ generation: 1, reason: null });
    const [refreshToken = ''] = successors;
    expect((await refreshTab({ ...tab, refreshToken })).id).toBe(tab.id);
  });

  test('after the grace period is refused, and keeps the cookie of the winner', async () => {
    const tab = await openTab();
    await refreshTab(tab);
    await gateway.database.query('update token_families set confirmed_generation = generation where id = $1', [tab.id]);
    gateway.clock.travel(31);
    const { code, cookies } = await refreshWith(spending(tab));
    expect({ code, cookies }).toEqual({ code: 'INVALID_REFRESH_TOKEN', cookies: [] });
  });

  test('with a grandparent, a revoked session or garbage is refused, and keeps the cookie as well', async () => {
    const [tab, ended] = [await openTab(), await openTab()];
    await refreshTab(await refreshTab(tab));
    await logoutWith(bearer(ended.accessToken));
    for (const headers of [spending(tab), spending(ended), spending(tab)]) {
      const { code, cookies } = await refreshWith(headers);
      expect({ code, cookies }).toEqual({ code: 'INVALID_REFRESH_TOKEN', cookies: [] });
    }
    const garbage = await refreshWith({ ...spending(tab), cookie: `${refreshCookie}=garbage` });
    expect({ code: garbage.code, cookies: garbage.cookies }).toEqual({ code: 'CSRF_FAILED', cookies: [] });
  });
});

describe('sign-out with the cookie', () => {
  const csrfTokens: [string, (tab: Tab, other: Tab) => Record<string, string>][] = [
    ['its CSRF token', ({ csrfToken }) => ({ 'x-csrf-token': csrfToken })],
    ['no CSRF token', () => ({})],
    ['a stale CSRF token', (_tab, other) => ({ 'x-csrf-token': other.csrfToken })],
    ['a CSRF token that is none', () => ({ 'x-csrf-token': 'garbage' })],
  ];

  test.each(csrfTokens)('and %s revokes the session and clears the cookie', async (_what, header) => {
    const [tab, other] = [await openTab(), await openTab()];
    const { data, cookies } = await logoutWith({ ...cookieOf(tab), origin: app, ...header(tab, other) });
    expect(data?.logout.revoked).toBe(true);
    expect(cookies).toEqual([cleared]);
    expect(await stateOf(tab)).toMatchObject({ reason: 'logout' });
    expect(await isAlive(tab)).toBe(false);
    expect(await isAlive(other)).toBe(true);
  });

  test.each(foreignOrigins)('is refused from a foreign origin, and changes nothing: %s', async (_what, headers) => {
    const tab = await openTab();
    const { code, cookies } = await logoutWith({ ...cookieOf(tab), 'x-csrf-token': tab.csrfToken, ...headers });
    expect({ code, cookies }).toEqual({ code: 'CSRF_FAILED', cookies: [] });
    expect(await isAlive(tab)).toBe(true);
  });

  test('that was rotated meanwhile still revokes the session', async () => {
    const tab = await openTab();
    const winner = await refreshTab(tab);
    gateway.clock.travel(60);
    expect((await logoutWith(spending(tab))).data?.logout.revoked).toBe(true);
    expect(await isAlive(winner)).toBe(false);
    expect(await stateOf(tab)).toMatchObject({ reason: 'logout' });
  });

  test('twice clears the cookie twice', async () => {
    const tab = await openTab();
    await logoutWith(spending(tab));
    const { data, cookies } = await logoutWith(spending(tab));
    expect(data?.logout.revoked).toBe(false);
    expect(cookies).toEqual([cleared]);
  });
});

describe('access token and cookie together', () => {
  test('the access token identifies the caller, and the cookie alone is anonymous', async () => {
    const tab = await openTab();
    const other = newAddress();
    await gateway.send(RegisterDocument, { input: { email: other, password: goodPassword } });
    const session = await signIn(gateway, other);
    const both = await viewerWith({ ...spending(tab), ...bearer(session.accessToken) });
    expect(both.data?.viewer?.email).toBe(other);
    const alone = await viewerWith(spending(tab));
    expect(alone.data).toEqual({ viewer: null });
    const bad = await viewerWith({ ...spending(tab), ...bearer('garbage') });
    expect(bad.code).toBe('UNAUTHENTICATED');
    expect(await stateOf(tab)).toEqual({ generation: 0, reason: null });
  });

  test('a refresh without a token in its input uses the cookie, for any access token', async () => {
    const tab = await openTab();
    const session = await signIn(gateway, email);
    const { data } = await refreshWith({ ...spending(tab), ...bearer(session.accessToken) });
    expect(data?.refresh.session.id).toBe(tab.id);
    expect(await stateOf(session.session)).toEqual({ generation: 0, reason: null });
  });

  test('a refresh with a token in its input needs neither origin nor CSRF token, and keeps the cookie', async () => {
    const tab = await openTab();
    const session = await signIn(gateway, email);
    const input = { refreshToken: session.refreshToken };
    const { data, cookies } = await ask(FullRefreshDocument, { input }, cookieOf(tab));
    expect(data?.refresh).toMatchObject({ session: { id: session.session.id }, csrfToken: null });
    expect(data?.refresh.refreshToken).toEqual(expect.any(String));
    expect(cookies).toEqual([]);
    expect(await stateOf(tab)).toEqual({ generation: 0, reason: null });
  });

  test('an access token does not replace the CSRF token of the cookie', async () => {
    const tab = await openTab();
    const { code } = await refreshWith({ ...cookieOf(tab), origin: app, ...bearer(tab.accessToken) });
    expect(code).toBe('CSRF_FAILED');
    expect(await stateOf(tab)).toEqual({ generation: 0, reason: null });
  });

  test('a logout without a token in its input revokes both sessions', async () => {
    const tab = await openTab();
    const session = await signIn(gateway, email);
    const { data, cookies } = await logoutWith({ ...spending(tab), ...bearer(session.accessToken) });
    expect(data?.logout.revoked).toBe(true);
    expect(cookies).toEqual([cleared]);
    expect(await isAlive(tab)).toBe(false);
    expect(await isAlive(session)).toBe(false);
  });

  test('a logout with a token in its input keeps the session of the cookie', async () => {
    const tab = await openTab();
    const session = await signIn(gateway, email);
    const { data, cookies } = await logoutWith(spending(tab), session.refreshToken);
    expect(data?.logout.revoked).toBe(true);
    expect(cookies).toEqual([]);
    expect(await isAlive(tab)).toBe(true);
    expect(await isAlive(session)).toBe(false);
  });

  test('a logout by access token from a foreign origin keeps the session of the cookie', async () => {
    const tab = await openTab();
    const session = await signIn(gateway, email);
    const headers = { ...spending(tab, 'https://evil.example'), ...bearer(session.accessToken) };
    const { data, cookies } = await logoutWith(headers);
    expect(data?.logout.revoked).toBe(true);
    expect(cookies).toEqual([]);
    expect(await isAlive(tab)).toBe(true);
    expect(await isAlive(session)).toBe(false);
  });
});

describe('CORS', () => {
  const preflight = (origin: string, headers = 'authorization,content-type,x-csrf-token,x-device-token') =>
    fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': headers },
    });
  const varies = ({ headers }: { headers: Headers }) =>
    (headers.get('vary') ?? '').split(/, */).map((name) => name.toLowerCase());

  test.each([app, admin])('allows %s to send credentials, and to cache the permission', async (origin) => {
    const response = await preflight(origin);
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(response.headers.get('access-control-max-age')).toBe('86400');
    expect(varies(response)).toContain('origin');
    const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(/, */);
    expect(allowed).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'x-csrf-token', 'x-device-token']),
    );
    expect(response.headers.get('access-control-allow-methods')).toMatch(/\bPOST\b/);

    const answer = await viewerWith({ origin });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(varies(answer)).toContain('origin');
  });

  const withOrigin = foreignOrigins.flatMap(([what, { origin }]): [string, string][] =>
    origin ? [[what, origin]] : [],
  );
  test.each(withOrigin)('grants nothing to a foreign origin: %s', async (_what, origin) => {
    for (const { headers } of [await preflight(origin), await viewerWith({ origin })]) {
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(varies({ headers })).toContain('origin');
    }
  });

  test('varies responses by origin, also without an origin, so that no cache mixes them', async () => {
    const answer = await viewerWith({});
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(varies(answer)).toContain('origin');
  });

  test('lets the app read refusals too', async () => {
    const tab = await openTab();
    const refused = await refreshWith({ ...cookieOf(tab), origin: app });
    expect(refused.code).toBe('CSRF_FAILED');
    expect(refused.headers.get('access-control-allow-origin')).toBe(app);
    const broken = await gateway.post('{', { origin: app });
    expect(broken.status).toBe(400);
    expect(broken.headers.get('access-control-allow-origin')).toBe(app);
  });
});
