/** What the gateway takes of HTTP: one valid Host, UTF-8 without a content encoding, addresses in one spelling. */
import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerOf } from '../support/answer.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';

const origin = 'capacitor://localhost';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ CORS_ORIGINS: origin, TRUSTED_PROXIES: '127.0.0.1/32' });
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

/** @returns the status line of the answer to these bytes */
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

  test('with a surrogate pair, a byte order mark or a charset of UTF-8 is taken', async () => {
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

  test('with a content encoding is 415, and says what is taken', async () => {
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

  test('is not needed in HTTP/1.0', async () => {
    expect(await ask('1.0', '')).toContain(' 200 ');
  });

  test('that is no host is 400', async () => {
    for (const host of ['', 'a b', 'a/b', 'a@b', '[::1', 'a:99999', '%zz', 'a?b', '1.2.3.999'])
      expect(await ask('1.1', `Host: ${host}\r\n`)).toContain(' 400 ');
  });

  test('that is one is taken, whatever proxies forward beside it', async () => {
    for (const host of ['localhost', 'auth.example.com:4000', '[::1]:4000'])
      expect(await ask('1.1', `Host: ${host}\r\nX-Forwarded-Host: a b\r\nX-Forwarded-Proto: {}\r\n`)).toContain(
        ' 200 ',
      );
  });
});

test('a preflight of an allowed origin allows the headers that it asks for', async () => {
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

test('an address with a zone works as without', async () => {
  for (const address of ['fe80::1%br-lan', 'fe80::1%eth0.7', '[fe80::1%2]:443'])
    expect((await post(query, { 'x-forwarded-for': address })).status).toBe(200);
});

test('an empty operationName is as none', async () => {
  expect((await post(JSON.stringify({ query: '{ __typename }', operationName: '' }))).status).toBe(200);
});
