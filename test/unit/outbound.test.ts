/** Calls to other servers: where they may lead, and their limits of time, size and failures. */
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { createOutbound, type OutboundRequest } from '../../src/outbound/outbound.ts';
import { untraced } from '../../src/trace.ts';
import { createTestClock } from '../support/gateway/clock.ts';
import { type AnsweringServer, startAnsweringServer } from '../support/servers/answering-server.ts';
import { freePort, portOf } from '../support/servers/free-port.ts';

const loopback = ['127.0.0.0/8', '::1/128'];

function client({ allow = loopback, ports = [] }: { allow?: string[]; ports?: number[] } = {}) {
  const lines: string[] = [];
  const clock = createTestClock();
  const metrics = createMetrics();
  const logger = createLogger('trace', { write: (line) => lines.push(line) });
  const nowMs = () => clock.now().getTime();
  const outbound = createOutbound({ settings: { allow, ports }, nowMs, metrics, trace: untraced, logger });
  const call = (url: string, request: Partial<OutboundRequest> = {}) =>
    outbound.fetch(url, { purpose: 'breach_check', ...request });
  return { call, clock, lines, metrics };
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

const servers: AnsweringServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serverThat(answer: (response: ServerResponse, url: string) => void): Promise<AnsweringServer> {
  const server = await startAnsweringServer((request, response) => answer(response, request.url ?? ''));
  servers.push(server);
  return server;
}

describe('Addresses', () => {
  test.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.0.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0.0.0.0/',
    'https://224.0.0.1/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://[::]/',
    'https://[::1]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fec0::1]/',
    'https://[ff02::1]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[64:ff9b:1::1]/',
    'https://[2002:7f00:1::1]/',
    'https://[2001:0:7f00:1::1]/',
    'https://[2001:db8::1]/',
    'https://[4000::1]/',
    'https://[::127.0.0.1]/',
    'https://localhost/',
  ])('%s is refused', async (url) => {
    const { call } = client({ allow: [] });
    expect(await failureOf(call(url))).toMatch(/^OutboundRefused: the address is not public/);
  });

  test.each([
    ['http://1.1.1.1/', 'use https: on port 443, 8443 or a port of OUTBOUND_PORTS'],
    ['https://1.1.1.1:444/', 'use https: on port 443, 8443 or a port of OUTBOUND_PORTS'],
    ['ftp://1.1.1.1/', 'use https:'],
    ['file:///etc/passwd', 'use https:'],
    ['https://user@1.1.1.1/', 'the URL contains a user or a password'],
    ['https://:secret@1.1.1.1/', 'the URL contains a user or a password'],
    ['https://1.1.1.1/#', 'the URL contains a fragment'],
    ['not a url', 'the address is not a URL'],
  ])('%s is refused', async (url, problem) => {
    const { call } = client({ allow: [] });
    expect(await failureOf(call(url))).toBe(`OutboundRefused: ${problem}`);
  });

  test('a name with an address in an allowed network may use http: and any port', async () => {
    const server = await serverThat((response) => response.end('hello'));
    const response = await client().call(`http://localhost:${server.port}/`);
    expect(await response.text()).toBe('hello');
  });

  test('an allowed network opens no other network, and no public address for http:', async () => {
    const { call } = client({ allow: ['10.0.0.0/8'] });
    const refused = /^OutboundRefused: the address is not public/;
    expect(await failureOf(call('http://127.0.0.1:9/'))).toMatch(refused);
    expect(await failureOf(call('http://localhost:9/'))).toMatch(refused);
    expect(await failureOf(call('http://1.1.1.1/'))).toMatch(refused);
    expect(await failureOf(call('https://[::ffff:10.0.0.1]/'))).toMatch(refused);
  });

  test('a port of OUTBOUND_PORTS opens no private address', async () => {
    const { call } = client({ allow: [], ports: [9000] });
    expect(await failureOf(call('https://127.0.0.1:9000/'))).toMatch(/the address is not public/);
  });
});

describe('Requests', () => {
  test('method, headers and body arrive, and the answer has its status and headers without cookies', async () => {
    const server = await startAnsweringServer((request, response) => {
      response.writeHead(201, { 'x-kind': 'echo', 'set-cookie': 'a=b' });
      request.pipe(response);
    });
    servers.push(server);
    const response = await client().call(server.url, {
      method: 'POST',
      headers: { 'x-name': 'value', 'accept-encoding': 'gzip' },
      body: 'hello',
    });
    expect([response.status, await response.text()]).toEqual([201, 'hello']);
    expect([response.headers.get('x-kind'), response.headers.get('set-cookie')]).toEqual(['echo', null]);
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      headers: { 'x-name': 'value', 'accept-encoding': 'identity', host: `127.0.0.1:${server.port}` },
    });
  });

  test('a redirect is an answer and is not followed', async () => {
    const target = await serverThat((response) => response.end());
    const server = await serverThat((response) => response.writeHead(302, { location: target.url }).end());
    expect((await client().call(server.url)).status).toBe(302);
    expect(target.requests).toEqual([]);
  });

  test('an answer without a body is read', async () => {
    const server = await serverThat((response) => response.writeHead(204).end());
    expect((await client().call(server.url)).status).toBe(204);
  });

  test('an answer above the limit is cut off, also when it announces no length', async () => {
    const server = await serverThat((response, url) => {
      const size = 300_000;
      if (url === '/announced') response.writeHead(200, { 'content-length': size });
      response.end('x'.repeat(size));
    });
    const { call } = client();
    expect(await failureOf(call(`${server.url}/announced`))).toBe('OutboundTooLarge: the answer is too large');
    expect(await failureOf(call(server.url))).toBe('OutboundTooLarge: the answer is too large');
    expect((await call(server.url, { maxAnswerBytes: 400_000 })).status).toBe(200);
  });

  test('a server that sends its answer slowly is given up after the total time', async () => {
    const server = await serverThat((response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    });
    const begun = performance.now();
    const failure = await failureOf(client().call(server.url, { totalMs: 300 }));
    expect(failure).toBe('OutboundUnavailable: the server did not answer in time');
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('a TLS connection that is not established within two seconds is given up', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const failure = await failureOf(client().call(`https://127.0.0.1:${portOf(silent)}/`));
    for (const socket of sockets) socket.destroy();
    expect(failure).toBe('OutboundUnavailable: no connection in time');
    await new Promise((resolve) => silent.close(resolve));
  });

  test('at most eight connections to one host are open at the same time', async () => {
    let open = 0;
    let most = 0;
    const waiting: ServerResponse[] = [];
    const server = await serverThat((response) => {
      open += 1;
      most = Math.max(most, open);
      response.on('finish', () => {
        open -= 1;
      });
      waiting.push(response);
      if (waiting.length >= 8 || open < 8) for (const one of waiting.splice(0)) one.end();
    });
    const { call } = client();
    await Promise.all(Array.from({ length: 30 }, () => call(server.url)));
    expect(server.connections()).toBe(30);
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe('A host that fails', () => {
  test('five failures within 30 seconds stop the calls to it for 30 seconds, not the calls to other hosts', async () => {
    const port = await freePort();
    const { call, clock } = client();
    const dead = `http://127.0.0.1:${port}/`;
    for (let count = 0; count < 5; count += 1) expect(await failureOf(call(dead))).toMatch(/ECONNREFUSED/);
    expect(await failureOf(call(dead))).toMatch(/failed repeatedly/);
    const server = await serverThat((response) => response.end());
    expect((await call(server.url)).status).toBe(200);
    clock.travel(29);
    expect(await failureOf(call(dead))).toMatch(/failed repeatedly/);
    clock.travel(2);
    expect(await failureOf(call(dead))).toMatch(/ECONNREFUSED/);
  });

  test('failures that are spread over a longer time stop no calls', async () => {
    const port = await freePort();
    const { call, clock } = client();
    for (let count = 0; count < 8; count += 1) {
      expect(await failureOf(call(`http://127.0.0.1:${port}/`))).toMatch(/ECONNREFUSED/);
      clock.travel(8);
    }
  });
});

test('Logs and metrics name purpose, host and outcome, not path, query, headers and body', async () => {
  const server = await serverThat((response) => response.end('answer-secret'));
  const { call, lines, metrics } = client({ allow: ['127.0.0.1'] });
  const request = { method: 'POST', headers: { 'x-key': 'header-secret' }, body: 'body-secret' };
  await call(`${server.url}/path-secret?query-secret`, request);
  await failureOf(call('https://user-secret:password-secret@127.0.0.1/path-secret', request));
  const lastLines = lines.map((line) => JSON.parse(line));
  expect(lastLines).toMatchObject([
    { purpose: 'breach_check', host: `127.0.0.1:${server.port}`, outcome: 'answered' },
    { purpose: 'breach_check', host: '127.0.0.1', outcome: 'refused' },
  ]);
  expect(lines.join('')).not.toContain('secret');
  const text = await metrics.text();
  expect(text).toContain('postern_outbound_requests_total{purpose="breach_check",outcome="answered"} 1');
  expect(text).toContain('postern_outbound_requests_total{purpose="breach_check",outcome="refused"} 1');
});
