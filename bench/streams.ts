/**
 * `npm run bench:streams [streams]`: the memory and the idle CPU of open streams (default: 5,000), direct, behind nginx and
 * behind HAProxy, beside those of connections without a stream, and how long `viewer` takes meanwhile. Fails when one of
 * them does not stay open.
 */
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { startHaproxy } from '../test/support/proxies/haproxy.ts';
import { startNginx } from '../test/support/proxies/nginx.ts';
import { freePort } from '../test/support/servers/free-port.ts';
import { cpuMsOf } from './cost/cpu-time.ts';
import { ask, type Conversation, send } from './cost/load.ts';
import { createUsers, operations, signIn } from './cost/users.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const streams = Number(process.argv[2] ?? 5000);
const sessions = 50;
const openedTogether = 50;
/** Longer than the idle timeout of the proxies: only the comments keep the streams open. */
const idleSeconds = 30;
const proxyIdleSeconds = 15;
const viewers = 4;
const viewerRequests = 2000;
const query = 'subscription { sessionEvents { __typename } }';

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  try {
    for (const way of ways) await measureWay(way, folder, postgres.url);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const ways = ['connections alone', 'direct', 'nginx', 'haproxy'] as const;
type Way = (typeof ways)[number];

/** With a process of its own: memory that was used once is not given back. */
async function measureWay(way: Way, folder: string, databaseUrl: string): Promise<void> {
  const metricsPort = String(await freePort());
  const settings = {
    LOG_LEVEL: 'warn',
    METRICS_PORT: metricsPort,
    PUBLIC_URL: 'http://localhost:4000',
    RATE_LIMITS: 'authenticated=off,anonymous=off,login=off,register=off',
    STREAMS_PER_SESSION: '1000',
    STREAMS_PER_USER: '1000',
  };
  const gateway = await startGateway(folder, environmentOf(databaseUrl, settings));
  try {
    if (way === ways[0]) await createUsers(gateway.url, databaseUrl, sessions);
    const proxy = await startProxy(way, gateway.url);
    try {
      await measure(way, { gateway, url: proxy?.url ?? gateway.url, metricsUrl: `http://127.0.0.1:${metricsPort}` });
    } finally {
      await proxy?.stop();
    }
  } finally {
    await gateway.stop();
  }
}

async function startProxy(way: Way, url: string): Promise<{ url: string; stop(): Promise<void> } | null> {
  if (way !== 'nginx' && way !== 'haproxy') return null;
  const [port, { host }] = [await freePort(), new URL(url)];
  // Two connections for each stream.
  const connections = 3 * streams;
  if (way === 'nginx') {
    const location = `proxy_pass http://${host}; proxy_read_timeout ${proxyIdleSeconds}s;`;
    return startNginx(port, `server { listen 127.0.0.1:${port}; location / { ${location} } }`, connections);
  }
  const configuration = `
global
    maxconn ${streams + 100}
defaults
    mode http
    timeout connect 5s
    timeout client ${proxyIdleSeconds}s
    timeout server ${proxyIdleSeconds}s
listen gateway
    bind 127.0.0.1:${port}
    server one ${host}
`;
  return startHaproxy(port, configuration);
}

interface Measured {
  gateway: GatewayProcess;
  url: string;
  metricsUrl: string;
}

async function measure(way: Way, { gateway, url, metricsUrl }: Measured): Promise<void> {
  const tokens: string[] = [];
  for (let user = 0; user < sessions; user += 1) tokens.push((await signIn(gateway.url, user)).accessToken);
  const memory = () => readMetrics(metricsUrl, ['process_resident_memory_bytes', 'nodejs_heap_size_used_bytes']);
  await viewerTimes(gateway.url, tokens);
  const [residentBefore = 0, heapBefore = 0] = await memory();
  const p99Before = await viewerTimes(gateway.url, tokens);
  const open = way === 'connections alone' ? await openConnections(url) : await openStreams(url, tokens);
  const cpuBefore = await cpuMsOf(gateway.pid);
  await setTimeout(idleSeconds * 1000);
  const cpuShare = ((await cpuMsOf(gateway.pid)) - cpuBefore) / (idleSeconds * 10);
  const [residentAfter = 0, heapAfter = 0] = await memory();
  const [counted = 0] = await readMetrics(metricsUrl, ['postern_streams{kind="sessionEvents"}']);
  const files = (await readdir(`/proc/${gateway.pid}/fd`)).length;
  const p99 = await viewerTimes(gateway.url, tokens);
  const kilobytes = (bytes: number) => `${(bytes / streams / 1000).toFixed(1)} kB`;
  const figures = {
    streams: String(counted),
    'resident for each': kilobytes(residentAfter - residentBefore),
    'heap for each': kilobytes(heapAfter - heapBefore),
    'CPU while idle': `${cpuShare.toFixed(1)} %`,
    'open files': String(files),
    'p99 of viewer': `${p99Before.toFixed(1)} -> ${p99.toFixed(1)} ms`,
  };
  process.stdout.write(`${way}\n`);
  for (const [name, value] of Object.entries(figures)) process.stdout.write(`  ${name.padEnd(20)}${value}\n`);
  const expected = way === 'connections alone' ? 0 : streams;
  if (counted !== expected || open.lost() > 0) process.exitCode = 1;
  open.close();
}

interface Opened {
  /** Those that the other side closed. */
  lost(): number;
  close(): void;
}

/** Each has sent one request and stays open. */
async function openConnections(url: string): Promise<Opened> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  for (let opened = 0; opened < streams; opened += 1) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    sockets.push(socket);
  }
  return {
    lost: () => sockets.filter(({ destroyed }) => destroyed).length,
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Resolves once each stream has its first bytes. */
async function openStreams(url: string, tokens: readonly string[]): Promise<Opened> {
  const requests: ClientRequest[] = [];
  let isClosing = false;
  let lost = 0;
  const open = async (token: string) => {
    const sent = request(`${url}/graphql/stream`, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
    });
    sent.on('error', () => undefined);
    requests.push(sent);
    const answered = once(sent, 'response');
    sent.end(JSON.stringify({ query }));
    const [response]: IncomingMessage[] = await answered;
    if (response?.statusCode !== 200) throw new Error(`a stream was answered with ${response?.statusCode}`);
    response.resume().once('close', () => {
      if (!isClosing) lost += 1;
    });
  };
  for (let opened = 0; opened < streams; opened += openedTogether) {
    const together = Math.min(openedTogether, streams - opened);
    await Promise.all(Array.from({ length: together }, (_, index) => open(tokens[index % tokens.length] ?? '')));
  }
  return {
    lost: () => lost,
    close() {
      isClosing = true;
      for (const sent of requests) sent.destroy();
    },
  };
}

async function viewerTimes(url: string, tokens: readonly string[]): Promise<number> {
  const conversations = tokens.slice(0, viewers).map(
    (token): Conversation => ({
      next: () => ({
        method: 'POST',
        path: '/graphql',
        headers: { authorization: `Bearer ${token}` },
        body: { query: operations.viewer },
      }),
      check: ({ status }) => {
        if (status !== 200) throw new Error(`viewer was answered with ${status}`);
      },
    }),
  );
  return quantile(await send(url, conversations, viewerRequests), 0.99);
}

async function readMetrics(url: string, names: readonly string[]): Promise<number[]> {
  const { text } = await ask(url, { method: 'GET', path: '/metrics' });
  const lines = text.split('\n').map((line): [string, number] => {
    const end = line.lastIndexOf(' ');
    return [line.slice(0, end), Number(line.slice(end + 1))];
  });
  const values = new Map(lines);
  return names.map((name) => values.get(name) ?? 0);
}

await main();
