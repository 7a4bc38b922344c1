/** Strictness of HTTP: one valid Host, UTF-8 without a content encoding, addresses in one spelling. */
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';

const origin = 'capacitor://localhost';
const shellOrigins = ['ionic://localhost', 'tauri://localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    CORS_ORIGINS: [origin, ...shellOrigins].join(','),
    TRUSTED_PROXIES: '127.0.0.1/32',
  });
});
afterAll(() => gateway.stop());

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  answerOf(
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    }),
  );
const query = JSON.stringify({ query: '{ __typename }' });
const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));

/** @returns the status line of the response to these bytes */
function rawStatus(request: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.end(request));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('end', () => resolve(answer.split('\r\n', 1)[0] ?? ''));
    socket.on('error', reject);
  });
}

describe('a body', () => {
  test.each([
    ['in ISO-8859-1', bytes('{"query":"{ __typename } # \u00e9"}', 'latin1')],
    ['with half a character', new Uint8Array([...Buffer.from('{"query":"{ __typename } # '), 0xe2, 0x82, 0x22, 0x7d])],
    ['with a lone surrogate in a value', bytes('{"query":"{ __typename }","variables":{"a":"\\ud800"}}', 'utf8')],
    ['with a lone surrogate in a key', bytes('{"query":"{ __typename }","variables":{"\\uDC00":1}}', 'utf8')],
  ])('%s is 400', async (_what, body) => {
    const { status, errors } = await post(body);
    expect(status).toBe(400);
    expect(errors[0]?.extensions.code).toBe('BAD_REQUEST');
  });

  test('with a surrogate pair, a byte order mark or a charset of UTF-8 is accepted', async () => {
    const paired = '{"query":"{ __typename }","variables":{"a":"\\ud83e\\udd8a"}}';
    expect((await post(paired)).status).toBe(200);
    expect((await post(`\ufeff${query}`)).status).toBe(200);
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8'])
      expect((await post(query, { 'content-type': `application/json; charset=${charset}` })).status).toBe(200);
  });

  test('in another charset is 415', async () => {
    for (const charset of ['iso-8859-1', 'utf-16', '"latin1"'])
      expect((await post(query, { 'content-type': `application/json; charset=${charset}` })).status).toBe(415);
  });

  test('with a content encoding is 415, with the accepted encodings', async () => {
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, identity']) {
      const { status, headers } = await post(new Uint8Array(gzipSync(query)), { 'content-encoding': encoding });
      expect(status).toBe(415);
      expect(headers.get('accept-encoding')).toBe('identity');
    }
    expect((await post(query, { 'content-encoding': 'identity' })).status).toBe(200);
  });
});

describe('the Host header', () => {
  const ask = (version: string, headers: string) =>
    rawStatus(
      `GET /graphql?query=%7B__typename%7D HTTP/${version}\r\napollo-require-preflight: 1\r\nconnection: close\r\n${headers}\r\n`,
    );

  test('is optional in HTTP/1.0', async () => {
    expect(await ask('1.0', '')).toContain(' 200 ');
  });

  test('that is malformed is 400', async () => {
    for (const host of ['', 'a b', 'a/b', 'a@b', '[::1', 'a:99999', '%zz', 'a?b', '1.2.3.999'])
      expect(await ask('1.1', `Host: ${host}\r\n`)).toContain(' 400 ');
  });

  test('that is valid is accepted, whatever proxies forward beside it', async () => {
    for (const host of ['localhost', 'auth.example.com:4000', '[::1]:4000'])
      expect(await ask('1.1', `Host: ${host}\r\nX-Forwarded-Host: a b\r\nX-Forwarded-Proto: {}\r\n`)).toContain(
        ' 200 ',
      );
  });
});

test('a preflight of an allowed origin allows the requested headers', async () => {
  const preflight = async (requested: string) => {
    const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': requested };
    return (await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers })).headers;
  };
  const headers = await preflight('authorization,content-type,sentry-trace,baggage');
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-headers')).toBe('authorization,content-type,sentry-trace,baggage');
  expect((await preflight('a b')).get('access-control-allow-headers')).toBeNull();
  expect((await preflight('x'.repeat(3000))).get('access-control-allow-headers')).toBeNull();
});

test.each(['fe80::1%br-lan', 'fe80::1%eth0.7', '[fe80::1%2]:443'])(
  'a caller at %s, an address with a zone, registers like the address alone',
  async (address) => {
    const query = 'mutation ($input: RegisterInput!) { register(input: $input) { status } }';
    const input = { email: newAddress(), password: goodPassword };
    const answer = await post(JSON.stringify({ query, variables: { input } }), { 'x-forwarded-for': address });
    expect(answer).toMatchObject({ status: 200, data: { register: { status: expect.any(String) } }, errors: [] });
    const [entry] = await gateway.database.query<{ ip: string }>(
      `select ip_address as ip from audit_entries where action = 'registration.requested' order by id desc limit 1`,
    );
    expect(entry?.ip).toBe('fe80::1');
  },
);

test('a response names the origin only when it is allowed', async () => {
  for (const allowed of [origin, ...shellOrigins]) {
    const { headers } = await post(query, { origin: allowed });
    expect(headers.get('access-control-allow-origin')).toBe(allowed);
  }
  for (const other of [
    'https://evil.example.com',
    'null',
    'ionic://other',
    `${origin}.evil`,
    'http://localhost:3000',
  ]) {
    const { headers } = await post(query, { origin: other });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
});

describe('text that is not Unicode', () => {
  const get = (search: string) =>
    answerOf(fetch(`${gateway.url}/graphql?${search}`, { headers: { 'apollo-require-preflight': 'true' } }));
  const lone = String.fromCharCode(0xd800);
  const verify = (token: string) => `mutation { verifyEmail(input: { token: ${token} }) { verified } }`;

  test.each(['variables=%', 'variables=%zz', 'variables=%7B%ff%7D', 'variables=%7B%22a%22%3A%22%ED%A0%80%22%7D'])(
    'in a GET is 400: %s',
    async (variables) => {
      expect((await get(`query=${encodeURIComponent('{ __typename }')}&${variables}`)).status).toBe(400);
    },
  );

  test('as a lone surrogate in the variables of a GET is 400', async () => {
    const document = encodeURIComponent('query ($token: String!) { __type(name: $token) { name } }');
    const variables = encodeURIComponent(JSON.stringify({ token: lone }));
    expect(variables).toContain('ud800');
    expect((await get(`query=${document}&variables=${variables}`)).status).toBe(400);
  });

  test('as a lone surrogate in a literal is 400', async () => {
    for (const document of [verify('"\\ud800"'), verify('"\\u{D800}"'), verify(`"${lone}"`)])
      expect((await post(JSON.stringify({ query: document }))).status).toBe(400);
  });
});

/** Uses real time: Node closes connections by its own clock. */
test('a connection whose headers or body do not arrive is closed within 13 s', { timeout: 30_000 }, async () => {
  const head = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50\r\n';
  const requests: [sent: string, drip: string][] = [
    ['POST /graphql HTTP/1.1\r\nHost: a\r\n', ''],
    ['POST /graphql HTTP/1.1\r\nHost: a\r\n', 'X-A: a\r\n'],
    [`${head}\r\n`, ''],
    [`${head}\r\n`, ' '],
  ];
  const lives = await Promise.all(requests.map(([sent, drip]) => lifeOf(sent, drip)));
  for (const seconds of lives) {
    expect(seconds).toBeGreaterThan(5);
    expect(seconds).toBeLessThan(13);
  }
});

/** @returns after how many seconds the gateway closes a connection that receives `drip` every second */
function lifeOf(sent: string, drip: string): Promise<number> {
  const { hostname, port } = new URL(gateway.url);
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port) }, () => socket.write(sent));
    const dripping = setInterval(() => drip && socket.write(drip), 1000);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(dripping);
      resolve((performance.now() - startedAt) / 1000);
    });
    socket.resume();
  });
}

test('an empty operationName counts as absent', async () => {
  expect((await post(JSON.stringify({ query: '{ __typename }', operationName: '' }))).status).toBe(200);
});
