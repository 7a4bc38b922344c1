/**
 * The security headers of every response: each path with each method, each status, and the responses of Node itself.
 */
import { METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import {
  bearer,
  goodPassword,
  newAddress,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { type RawAnswer, sendRaw } from '../support/gateway/raw-http.ts';
import {
  FullLoginDocument,
  FullViewerDocument,
  PasswordPolicyDocument,
  RegisterDocument,
  ResendVerificationEmailDocument,
} from '../support/generated/graphql.ts';
import { startTcpProxy, type TcpProxy } from '../support/proxies/tcp-proxy.ts';

const origin = 'https://app.example.com';
const metricsToken = 'metrics-of-the-headers-suite';

let database: TestDatabase;
let proxy: TcpProxy;
let postbox: TestGateway;
/** A gateway with every optional path. */
let gateway: TestGateway;
let consoleFiles: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await startTcpProxy(database.url);
  postbox = await startTestGateway();
  gateway = await startTestGateway(
    {
      DATABASE_URL: proxy.url,
      // Without a mail server the mailbox is on.
      SMTP_URL: '',
      METRICS_TOKEN: metricsToken,
      METRICS_PORT: '0',
      CORS_ORIGINS: origin,
      EMAIL_VERIFICATION: 'off',
      RATE_LIMITS: 'resendVerificationEmail=1/1h',
    },
    postbox,
  );
  const { text } = await send('GET', '/graphql/console');
  consoleFiles = [...text.matchAll(/(?:src|href)="(console\/[^"]+)"/g)].map(([, name = '']) => `/graphql/${name}`);
});
afterAll(async () => {
  await gateway.stop();
  await postbox.stop();
  await proxy.close();
  await database.drop();
});

type HeaderMap = Record<string, string>;

function send(method: string, path: string, headers: HeaderMap = {}, body = '', url = gateway.url): Promise<RawAnswer> {
  const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const all = { Host: new URL(url).host, Connection: 'close', ...length, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return sendRaw(url, `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

const json = { 'Content-Type': 'application/json' };
const post = (body: object, headers: HeaderMap = {}) =>
  send('POST', '/graphql', { ...json, ...headers }, JSON.stringify(body));

const pages = ['/graphql', '/graphql/', '/graphql/console', '/dev/mailbox'];
const paths = [
  ...pages,
  ...['/', '/livez', '/readyz', '/metrics', '/.well-known/jwks.json', '/nowhere', '/%E0%A4%A', '//livez', '*'],
  ...['/auth/verify', '/auth/verify?role=ADMIN', '/auth/verify?misspelt=x', '/auth/verify/any/path'],
  ...['/graphql/console/nothing.js', `/graphql/console/${'a'.repeat(5000)}`, '/dev/mailbox/../../graphql'],
];

/** What must hold for each response. */
function expectSecurityHeaders({ headers, whole }: RawAnswer, overTls = true): void {
  const transport = headers.get('strict-transport-security');
  if (overTls) expect(transport).toBe('max-age=63072000; includeSubDomains');
  else expect(transport).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-resource-policy')).toMatch(/^(same-site|cross-origin)$/);
  const features = headers.get('permissions-policy') ?? '';
  for (const feature of ['camera', 'geolocation', 'microphone', 'payment', 'publickey-credentials-get', 'usb'])
    expect(features).toContain(`${feature}=()`);
  expectPolicy(headers);
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('server')).toBeNull();
  expect(headers.get('set-cookie')).toBeNull();
  expect(whole.slice(0, 4000)).not.toMatch(/fastify|FST_ERR|node_modules|apollo server|express/i);
}

/** Each directive is present once; what the policy does not name is forbidden, and inline scripts are. */
function expectPolicy(headers: Headers): void {
  const policy = headers.get('content-security-policy') ?? '';
  const directives = policy.split(';').map((text) => text.trim().split(/ +/));
  const sources = new Map(directives.map(([name = '', ...rest]) => [name, rest]));
  expect(sources.size).toBe(directives.length);
  for (const name of ['default-src', 'base-uri', 'form-action', 'frame-ancestors'])
    expect([name, sources.get(name)]).toEqual([name, ["'none'"]]);
  const isPage = headers.get('content-type')?.startsWith('text/html') ?? false;
  if (!isPage) expect(sources.size).toBe(4);
  for (const [name, allowed] of sources) {
    const unsafe = allowed.filter((source) => /^'unsafe-|^\*$|^https?:$|^data:$/.test(source));
    const styles = name === 'style-src' ? ["'unsafe-inline'"] : [];
    const pictures = name === 'img-src' || name === 'font-src' ? ['data:', 'https:'] : [];
    expect([name, unsafe.filter((source) => ![...styles, ...pictures].includes(source))]).toEqual([name, []]);
  }
}

const kept = (answer: RawAnswer) => answer.headers.get('cache-control');

describe('every path with every method that Node knows', () => {
  // CONNECT asks for a tunnel: Node closes the connection without a response.
  const methods = METHODS.filter((method) => method !== 'CONNECT');

  test.each(paths)('has the headers: %s', async (path) => {
    const statuses = new Set<number>();
    for (const method of methods) {
      const answer = await send(method, path);
      statuses.add(answer.status);
      expect([method, answer.status]).toEqual([method, expect.toBeOneOf([200, 204, 400, 401, 403, 404, 405, 415])]);
      expectSecurityHeaders(answer);
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
      expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/);
      expect(answer.headers.get('access-control-allow-origin')).toBe(
        path.includes('jwks') && answer.status === 200 && method !== 'OPTIONS' ? '*' : null,
      );
      const isKeys = path.includes('jwks') && (method === 'GET' || method === 'HEAD');
      expect([method, kept(answer)]).toEqual([method, isKeys ? 'public, max-age=300' : 'no-store']);
    }
    expect(statuses).toContain(405);
  });

  test('and a CONNECT gets no response', async () => {
    expect((await send('CONNECT', 'elsewhere.example:443')).whole).toBe('');
  });
});

describe('every status', () => {
  const cases: [what: string, status: number, send: () => Promise<RawAnswer>][] = [
    ['an answer', 200, () => post(bodyOf(PasswordPolicyDocument, {}))],
    [
      'an answer by GET',
      200,
      () => send('GET', '/graphql?query=%7B__typename%7D', { 'apollo-require-preflight': '1' }),
    ],
    ['Sandbox', 200, () => send('GET', '/graphql', { accept: 'text/html' })],
    ['Sandbox, its head', 200, () => send('HEAD', '/graphql', { accept: 'text/html' })],
    ['the console', 200, () => send('GET', '/graphql/console')],
    ['the mailbox as a page', 200, () => send('GET', '/dev/mailbox', { accept: 'text/html' })],
    ['the mailbox as JSON', 200, () => send('GET', '/dev/mailbox', { accept: 'application/json' })],
    ['measurements', 200, () => send('GET', '/metrics', bearer(metricsToken))],
    ['a preflight', 204, () => send('OPTIONS', '/graphql', { origin, 'access-control-request-method': 'POST' })],
    ['an OPTIONS that is none', 204, () => send('OPTIONS', '/nowhere')],
    ['broken JSON', 400, () => send('POST', '/graphql', json, '{')],
    ['a document that is wrong', 400, () => post({ query: '{ nothing }' })],
    [
      'a mutation by GET',
      405,
      () =>
        send('GET', `/graphql?query=${encodeURIComponent('mutation{logout(input:{}){revoked}}')}`, {
          'apollo-require-preflight': '1',
        }),
    ],
    ['a simple request', 400, () => send('GET', '/graphql?query=%7B__typename%7D')],
    ['no Host', 400, () => sendRaw(gateway.url, 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n')],
    [
      'two Hosts',
      400,
      () => sendRaw(gateway.url, 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n'),
    ],
    [
      'a bad token',
      401,
      () => post(bodyOf(FullViewerDocument, {}), { accept: 'application/graphql-response+json', ...bearer('x') }),
    ],
    ['a proxy that asks without a token', 401, () => send('GET', '/auth/verify')],
    ['measurements without their token', 401, () => send('GET', '/metrics', bearer('x'))],
    [
      'a proxy that asks for too much',
      403,
      async () => send('GET', '/auth/verify?role=SUPER_ADMIN', bearer(await token())),
    ],
    ['a proxy that asks', 204, async () => send('GET', '/auth/verify', bearer(await token()))],
    ['Envoy, which asks', 200, async () => send('POST', '/auth/verify/orders', bearer(await token()))],
    ['a router without its secret', 403, () => send('POST', '/auth/identities', json, '{"audiences":[]}')],
    ['what is not there', 404, () => send('GET', '/nowhere')],
    ['a body that is too large', 413, () => send('POST', '/graphql', json, `"${'x'.repeat(150_000)}"`)],
    ['a form', 415, () => send('POST', '/graphql', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'query=1')],
    ['text', 415, () => send('POST', '/graphql', { 'Content-Type': 'text/plain' }, '{"query":"{ __typename }"}')],
    [
      'too many requests',
      429,
      async () => {
        const body = bodyOf(ResendVerificationEmailDocument, { input: { email: newAddress() } });
        await post(body);
        return post(body);
      },
    ],
    ['an unknown expectation', 200, () => send('GET', '/livez', { Expect: 'the-unexpected' })],
  ];
  async function token(): Promise<string> {
    const email = newAddress();
    await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
    return (await signIn(gateway, email)).accessToken;
  }

  test.each(cases)('has the headers, and is not cached: %s (%i)', async (_what, status, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expectSecurityHeaders(answer);
    expect(kept(answer)).toBe('no-store');
  });

  test('has the headers for an internal error (500) and a database outage (503)', async () => {
    const login = () => post(bodyOf(FullLoginDocument, { input: { email: 'a@example.com', password: goodPassword } }));
    await database.query('alter table users rename to gone');
    const broken = await login();
    const brokenProxy = await send('GET', '/auth/verify', bearer('x'));
    await database.query('alter table gone rename to users');
    await proxy.cut();
    const [away, notReady] = [await login(), await send('GET', '/readyz')];
    await proxy.restore();
    expect([broken.status, away.status, notReady.status]).toEqual([200, 503, 503]);
    for (const answer of [broken, brokenProxy, away, notReady]) {
      expectSecurityHeaders(answer);
      expect(kept(answer)).toBe('no-store');
    }
  });

  test('for files of the console may be cached, and has the headers', async () => {
    expect(consoleFiles).toHaveLength(4);
    for (const path of consoleFiles) {
      const answer = await send('GET', path);
      expect([answer.status, kept(answer)]).toEqual([200, 'public, max-age=31536000, immutable']);
      expectSecurityHeaders(answer);
    }
  });

  test('for the keys is public, also when they are unchanged (304), without cookies', async () => {
    const first = await send('GET', '/.well-known/jwks.json', { origin: 'https://elsewhere.example' });
    const again = await send('GET', '/.well-known/jwks.json', { 'if-none-match': first.headers.get('etag') ?? '' });
    expect([first.status, again.status]).toEqual([200, 304]);
    for (const answer of [first, again]) {
      expectSecurityHeaders(answer);
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    }
  });
});

describe('input that is not HTTP, and responses of Node itself', () => {
  const host = 'Host: auth.example.com\r\nConnection: close\r\n';
  const secret = 'planted-in-a-broken-request';
  const cases: [what: string, status: number, request: string][] = [
    ['bytes', 400, `${secret}\r\n\r\n`],
    ['an unknown method', 400, `${secret.toUpperCase()} / HTTP/1.1\r\n${host}\r\n`],
    ['another protocol', 400, `GET / ${secret}/1.1\r\n${host}\r\n`],
    ['a TLS greeting', 400, '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n'],
    ['a header without a name', 400, `GET / HTTP/1.1\r\n${host}: ${secret}\r\n\r\n`],
    ['a header with a control character', 400, `GET / HTTP/1.1\r\n${host}X-A: ${secret}\u0000\r\n\r\n`],
    [
      'a length and chunks, as request smugglers send it',
      400,
      `POST /graphql HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${secret}`,
    ],
    ['two lengths', 400, `POST /graphql HTTP/1.1\r\n${host}Content-Length: 4\r\nContent-Length: 5\r\n\r\n${secret}`],
    ['a length that is no number', 400, `POST /graphql HTTP/1.1\r\n${host}Content-Length: +4\r\n\r\n${secret}`],
    ['headers of 20 kB', 431, `GET / HTTP/1.1\r\n${host}Cookie: a=${secret}${'a'.repeat(20_000)}\r\n\r\n`],
    ['an address of 20 kB', 431, `GET /${secret}${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`],
  ];

  test.each(cases)('is refused in the gateway’s format, with the headers: %s (%i)', async (_what, status, request) => {
    const answer = await sendRaw(gateway.url, request);
    expect(answer.status).toBe(status);
    expectSecurityHeaders(answer);
    expect(kept(answer)).toBe('no-store');
    expect(JSON.parse(answer.text)).toEqual({
      errors: [
        {
          message: expect.any(String),
          extensions: { code: 'BAD_REQUEST', requestId: answer.headers.get('x-request-id') },
        },
      ],
    });
    expect(answer.whole.toLowerCase()).not.toContain(secret);
  });

  test('says the same to browsers as every other response', async () => {
    const [ours, bare] = [await send('GET', '/nowhere'), await sendRaw(gateway.url, 'x\r\n\r\n')];
    for (const [name, value] of bare.headers) {
      if (name !== 'content-length' && name !== 'x-request-id')
        expect([name, ours.headers.get(name)]).toEqual([name, value]);
    }
  });
});

describe('elsewhere', () => {
  test('the metrics port has the headers as well, and no others', async () => {
    const url = gateway.metricsUrl ?? '';
    const answers = [
      await send('GET', '/metrics', {}, '', url),
      await send('GET', '/graphql', {}, '', url),
      await send('POST', '/metrics', json, '{', url),
      await sendRaw(url, 'x\r\n\r\n'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 400]);
    for (const answer of answers) {
      expectSecurityHeaders(answer, false);
      expect(kept(answer)).toBe('no-store');
    }
  });

  test('a gateway without TLS promises none, because the browser would never reach that host again', async () => {
    const plain = await startTestGateway({ PUBLIC_URL: 'http://localhost:4000' }, postbox);
    for (const answer of [await send('GET', '/livez', {}, '', plain.url), await sendRaw(plain.url, 'x\r\n\r\n')])
      expectSecurityHeaders(answer, false);
    await plain.stop();
  });
});
