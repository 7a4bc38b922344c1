/**
 * Requests of foreign pages, built by hand: every way in which a browser sends cookies without a request of the app,
 * planted cookies, and origins similar to an allowed one. cookie-mode.test.ts tests the other cases, and
 * cross-site.test.ts of the browser suite uses a real browser.
 */
import { print } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  askFrom,
  deviceCookie,
  familyState,
  openTabAt,
  refreshCookie,
  type Tab,
  tabOf,
} from '../support/browser/tabs.ts';
import { goodPassword, newAddress } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { type RawAnswer, sendRaw } from '../support/gateway/raw-http.ts';
import { sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullRefreshDocument,
  FullViewerDocument,
  LogoutDocument,
  RegisterDocument,
} from '../support/generated/graphql.ts';

const app = 'https://app.example.com';
const byPort = 'https://admin.example.com:8443';

let victim: Tab;
let attacker: Tab;
const gateway = useGateway({ EMAIL_VERIFICATION: 'off', CORS_ORIGINS: `${app}, ${byPort}` });
beforeAll(async () => {
  [victim, attacker] = [await newTab(), await newTab()];
});

async function newTab(): Promise<Tab> {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  return openTabAt(gateway, email, app);
}

type HeaderPairs = [name: string, value: string][];

/** Sends the bytes as given; `fetch` would correct much of it. */
function post(pairs: HeaderPairs, body: string, path = '/graphql'): Promise<RawAnswer> {
  const all: HeaderPairs = [
    ['Host', 'auth.example.com'],
    ['Connection', 'close'],
    ['Content-Length', String(Buffer.byteLength(body))],
    ...pairs,
  ];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
  return sendRaw(gateway.url, `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

const refresh = JSON.stringify(bodyOf(FullRefreshDocument, { input: {} }));
const logout = JSON.stringify(bodyOf(LogoutDocument, { input: {} }));
const json: HeaderPairs = [['Content-Type', 'application/json']];
const from = (origin: string): HeaderPairs => [['Origin', origin]];
const cookie = ({ refreshToken }: Tab): HeaderPairs => [['Cookie', `${refreshCookie}=${refreshToken}`]];
const csrf = ({ csrfToken }: Tab): HeaderPairs => [['X-CSRF-Token', csrfToken]];

/** Checks that neither session was used or revoked, and that the response has no token. */
async function expectNothingHappened({ headers, whole }: RawAnswer): Promise<void> {
  expect(headers.getSetCookie()).toEqual([]);
  expect(whole).not.toContain('accessToken":"');
  for (const tab of [victim, attacker])
    expect(await familyState(gateway, tab)).toEqual({ generation: 0, reason: null });
}

const codeOf = ({ text }: RawAnswer) => JSON.parse(text).errors?.[0]?.extensions.code;

describe('an origin that looks like ours', () => {
  test.each([
    'https://app.example.com.',
    'https://app.example.com:443',
    'https://app.example.com:8443',
    'https://app.example.com:0443',
    'https://app.example.com.evil.example',
    'https://evil-app.example.com',
    'https://app-example.com',
    'https://appXexample.com',
    'https://example.com',
    'https://app.example.co',
    'https://app.example.com@evil.example',
    'https://evil.example#app.example.com',
    'https://evil.example/https://app.example.com',
    'https://evil.example?https://app.example.com',
    'https://evil.example\\@app.example.com',
    'https://user@app.example.com',
    'https://APP.EXAMPLE.COM',
    'HTTPS://app.example.com',
    'https:app.example.com',
    '//app.example.com',
    'app.example.com',
    'http://app.example.com',
    'wss://app.example.com',
    'https://app.example.com/',
    'https://app.example.com, https://app.example.com',
    'https://app.example.com https://evil.example',
    'https://app.example.com%00.evil.example',
    'https://app.example.com%2eevil.example',
    'https://аpp.example.com',
    'https://xn--pp-7kc.example.com',
    'https://admin.example.com:8444',
    'https://[::1]',
    'null',
    'Null',
    'undefined',
    'file://',
    'chrome-extension://app.example.com',
    '"https://app.example.com"',
    '',
  ])('neither acts with the cookie nor reads: %s', async (origin) => {
    const answer = await post([...json, ...from(origin), ...cookie(victim), ...csrf(victim)], refresh);
    expect(codeOf(answer)).toBe('CSRF_FAILED');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const out = await post([...json, ...from(origin), ...cookie(victim), ...csrf(victim)], logout);
    expect(codeOf(out)).toBe('CSRF_FAILED');
    await expectNothingHappened(answer);
    await expectNothingHappened(out);
  });

  test('in a list of two is refused, even if one is ours', async () => {
    for (const pairs of [
      [...from(app), ...from('https://evil.example')],
      [...from('https://evil.example'), ...from(app)],
      [...from(app), ...from(app)],
    ]) {
      const answer = await post([...json, ...pairs, ...cookie(victim), ...csrf(victim)], refresh);
      expect([codeOf(answer), answer.headers.get('access-control-allow-origin')]).toEqual(['CSRF_FAILED', null]);
      await expectNothingHappened(answer);
    }
  });

  test('is not changed by Host, Forwarded or X-Forwarded-Host', async () => {
    for (const name of ['X-Forwarded-Host', 'Forwarded', 'X-Original-Host', 'X-HTTP-Method-Override', 'Referer']) {
      const pairs: HeaderPairs = [...json, ...from('https://evil.example'), [name, 'evil.example']];
      const answer = await post([...pairs, ...cookie(victim), ...csrf(victim)], refresh);
      expect(codeOf(answer)).toBe('CSRF_FAILED');
      await expectNothingHappened(answer);
    }
  });

  test('is not changed by a same-site claim of the browser', async () => {
    for (const site of ['same-origin', 'same-site', 'none', 'cross-site']) {
      const pairs: HeaderPairs = [...json, ...from('https://evil.example'), ['Sec-Fetch-Site', site]];
      const answer = await post([...pairs, ...cookie(victim), ...csrf(victim)], refresh);
      expect(codeOf(answer)).toBe('CSRF_FAILED');
      await expectNothingHappened(answer);
    }
  });
});

describe('requests that a page may send without a preflight', () => {
  const mine = () => [...cookie(victim), ...csrf(victim)];

  test.each([
    ['text', 'text/plain', refresh],
    ['text with a charset of UTF-8', 'text/plain;charset=UTF-8', refresh],
    [
      'a form',
      'application/x-www-form-urlencoded',
      `query=${encodeURIComponent('mutation { refresh(input: {}) { accessToken } }')}`,
    ],
    ['a form whose only field is JSON', 'text/plain', `${refresh.slice(0, -1)},"x":"="}`],
    [
      'a form with files',
      'multipart/form-data; boundary=x',
      `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${refresh}\r\n--x--\r\n`,
    ],
    ['two content types', 'text/plain, application/json', refresh],
    ['JSON as a parameter', 'text/plain; application/json', refresh],
    ['JSON under another name', 'application/jsonx', refresh],
    ['a malformed content type', 'application', refresh],
  ])('are refused, from the app’s own origin too: %s', async (_what, type, body) => {
    for (const origin of [app, 'https://evil.example', 'null']) {
      const answer = await post([['Content-Type', type], ...from(origin), ...mine()], body);
      expect(answer.status).toBe(415);
      await expectNothingHappened(answer);
    }
  });

  test('are refused without a content type', async () => {
    const answer = await post([...from(app), ...mine()], refresh);
    expect(answer.status).toBe(415);
    await expectNothingHappened(answer);
  });

  test('run no mutation by GET, with any headers', async () => {
    const query = encodeURIComponent(print(FullRefreshDocument));
    const variables = encodeURIComponent('{"input":{}}');
    for (const extra of [
      [],
      [['Apollo-Require-Preflight', '1']],
      [['X-HTTP-Method-Override', 'POST']],
    ] satisfies HeaderPairs[]) {
      const lines = [...from(app), ...mine(), ...extra].map(([name, value]) => `${name}: ${value}\r\n`).join('');
      const target = `/graphql?query=${query}&variables=${variables}`;
      const answer = await sendRaw(
        gateway.url,
        `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`,
      );
      expect(answer.status).toBeOneOf([400, 405]);
      await expectNothingHappened(answer);
    }
  });

  test('run no query by GET, because an image or a script could send it', async () => {
    const target = `/graphql?query=${encodeURIComponent(print(FullViewerDocument))}`;
    const lines = [...cookie(victim), ['Accept', 'image/avif,*/*']].map((pair) => `${pair.join(': ')}\r\n`).join('');
    const answer = await sendRaw(gateway.url, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${lines}\r\n`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
  });

  test('run no query in the URL of a POST', async () => {
    const query = encodeURIComponent('mutation { refresh(input: {}) { accessToken } }');
    const answer = await post([...json, ...from(app), ...mine()], '{}', `/graphql?query=${query}`);
    expect(answer.status).toBe(400);
    await expectNothingHappened(answer);
  });
});

describe('planted cookies', () => {
  const named = (...pairs: string[]): HeaderPairs => [['Cookie', pairs.join('; ')]];
  const pair = ({ refreshToken }: Tab) => `${refreshCookie}=${refreshToken}`;
  const ask = (cookies: HeaderPairs, tokens: HeaderPairs) =>
    post([...json, ...from(app), ...cookies, ...tokens], refresh);

  test('with the CSRF token of another session are refused', async () => {
    const mixed: [HeaderPairs, HeaderPairs][] = [
      [named(pair(victim)), csrf(attacker)],
      [named(pair(attacker)), csrf(victim)],
      [named(pair(victim)), [...csrf(victim), ...csrf(attacker)]],
      [named(pair(victim)), [...csrf(attacker), ...csrf(victim)]],
    ];
    for (const [cookies, tokens] of mixed) {
      const answer = await ask(cookies, tokens);
      expect(codeOf(answer)).toBe('CSRF_FAILED');
      await expectNothingHappened(answer);
    }
  });

  test('beside the correct one never select the session of another CSRF token', async () => {
    for (const owner of [victim, attacker]) {
      const other = owner === victim ? attacker : victim;
      for (const cookies of [
        named(pair(other), pair(owner)),
        [...named(pair(other)), ...named(pair(owner))],
        named(`a=${refreshCookie}`, pair(other)),
        named(`"${refreshCookie}=${owner.refreshToken}"`, pair(other)),
      ]) {
        const answer = await ask(cookies, csrf(owner));
        // The gateway reads one of the two: the owner's session acts, or none.
        if (codeOf(answer) === undefined) expect(answer.text).toContain(owner.id);
        expect(answer.text).not.toContain(other.id);
        expect(await familyState(gateway, other)).toEqual({ generation: 0, reason: null });
      }
      expect(await familyState(gateway, owner)).toEqual({ generation: 0, reason: null });
    }
  });

  test.each([
    ['without the prefix', (token: string) => `postern_refresh=${token}`],
    ['with the weaker prefix', (token: string) => `__Secure-postern_refresh=${token}`],
    ['in lower case', (token: string) => `${refreshCookie.toLowerCase()}=${token}`],
    ['in upper case', (token: string) => `${refreshCookie.toUpperCase()}=${token}`],
    ['with a blank in the name', (token: string) => `${refreshCookie} x=${token}`],
    ['after an encoded name', (token: string) => `%5f%5fHost-postern_refresh=${token}`],
    ['in the value of another', (token: string) => `a="; ${deviceCookie}=${refreshCookie}=${token}"`],
    ['as the device cookie', (token: string) => `${deviceCookie}=${token}`],
    ['without a name', (token: string) => `=${refreshCookie}=${token}`],
    ['as a value alone', (token: string) => token],
  ])('are ignored: %s', async (_what, line) => {
    const answer = await ask(named(line(victim.refreshToken)), csrf(victim));
    expect(codeOf(answer)).toBe('INVALID_REFRESH_TOKEN');
    await expectNothingHappened(answer);
  });

  test.each([
    ['cut short', (token: string) => token.slice(0, -1)],
    ['longer', (token: string) => `${token}A`],
    ['in another alphabet', (token: string) => `${token.slice(0, -1)}+`],
    ['with a NUL at the end', (token: string) => `${token}%00`],
    ['with half an escape', (token: string) => `${token}%`],
    ['with an escape of no character', (token: string) => `${token}%ff`],
    ['empty', () => ''],
    ['very long', () => 'A'.repeat(8000)],
    [
      'a thousand of them',
      (token: string) => `x; ${Array.from({ length: 300 }, (_, n) => `c${n}=${n}`).join('; ')}; y=${token}`,
    ],
    [
      'named like an object property',
      (token: string) => `x; __proto__=${token}; constructor=${token}; toString=${token}`,
    ],
  ])('with another value are refused without an error: %s', async (_what, value) => {
    const answer = await ask(named(`${refreshCookie}=${value(victim.refreshToken)}`), csrf(victim));
    expect(answer.status).toBe(200);
    expect(codeOf(answer)).toBeOneOf(['CSRF_FAILED', 'INVALID_REFRESH_TOKEN']);
    await expectNothingHappened(answer);
  });
});

describe('a stream', () => {
  const stream = '/graphql/stream';
  const body = JSON.stringify({ query: sessionEvents });
  const accept: HeaderPairs = [['Accept', 'text/event-stream']];

  test.each([app, 'https://evil.example'])('is not opened by the cookie alone, from %s', async (origin) => {
    const credentials = [...cookie(victim), ...csrf(victim)];
    const answer = await post([...json, ...accept, ...from(origin), ...credentials], body, stream);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'UNAUTHENTICATED']);
    expect(answer.headers.get('content-type')).not.toContain('event-stream');
    await expectNothingHappened(answer);
  });

  test('is not opened by a request that needs no preflight', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await post([['Content-Type', type], ...accept, ...cookie(victim)], body, stream);
      expect(answer.status).toBe(415);
      await expectNothingHappened(answer);
    }
  });

  test('is refused to a foreign page by its preflight, and allowed to the app', async () => {
    const preflight = async (origin: string) => {
      const { headers } = await fetch(`${gateway.url}${stream}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      return headers.get('access-control-allow-origin');
    };
    expect(await preflight('https://evil.example')).toBeNull();
    expect(await preflight('null')).toBeNull();
    expect(await preflight(app)).toBe(app);
  });
});

test('leave the browser and its session usable for the app', async () => {
  for (const origin of [app, byPort]) {
    const tab = await newTab();
    const answer = await askFrom(
      gateway,
      FullRefreshDocument,
      { input: {} },
      { cookie: `${refreshCookie}=${tab.refreshToken}`, 'x-csrf-token': tab.csrfToken, origin },
    );
    if (!answer.data) throw new Error(answer.text);
    expect(tabOf(answer.data.refresh, answer.cookies).id).toBe(tab.id);
  }
  expect(await familyState(gateway, victim)).toEqual({ generation: 0, reason: null });
});
