/**
 * `npm run bench:memory [requests]`: the memory of the built gateway under mixed requests over connections that stay open,
 * at the start, after half of them and after all (default: a million), and with 10,000 open connections. Asserts nothing.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { freePort } from '../test/support/servers/free-port.ts';
import { type Answer, ask, type Conversation, type Sent, send } from './cost/load.ts';
import { addressOf, createUsers, operations, password, signIn, type Tokens } from './cost/users.ts';
import { environmentOf, startGateway } from './gateway-process.ts';

const requests = Number(process.argv[2] ?? 1_000_000);
const connections = 64;
const idleConnections = 10_000;
const columns = {
  resident: 'process_resident_memory_bytes',
  'heap used': 'nodejs_heap_size_used_bytes',
  'heap total': 'nodejs_heap_size_total_bytes',
  external: 'nodejs_external_memory_bytes',
};

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  try {
    const metricsPort = String(await freePort());
    const settings = {
      LOG_LEVEL: 'warn',
      METRICS_PORT: metricsPort,
      RATE_LIMITS: 'refresh=off,authenticated=off',
    };
    const gateway = await startGateway(folder, environmentOf(postgres.url, settings));
    try {
      await measure(gateway.url, postgres.url, `http://127.0.0.1:${metricsPort}`);
    } finally {
      await gateway.stop();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers of a busy gateway: 503. */
let refused = 0;

async function measure(url: string, databaseUrl: string, metricsUrl: string): Promise<void> {
  line(['MB', ...Object.keys(columns)]);
  await print('start', metricsUrl);
  await createUsers(url, databaseUrl, 1000);
  const conversations: Conversation[] = [];
  for (let user = 0; user < connections; user += 1) conversations.push(mixed(await signIn(url, user), user));
  for (const moment of ['half', 'end']) {
    await send(url, conversations, requests / 2);
    await print(moment, metricsUrl);
  }
  const close = await openConnections(url);
  await print('connected', metricsUrl);
  close();
  if (refused > 0) process.stdout.write(`${refused} requests were refused with 503\n`);
}

/** Each sends one request and stays open. @returns what closes them */
async function openConnections(url: string): Promise<() => void> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  for (let opened = 0; opened < idleConnections; opened += 1) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    sockets.push(socket);
  }
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Of a hundred requests: 50 viewer, 20 refresh, 15 verify, 7 anonymous, 7 wrong input and one sign-in. */
function mixed(session: Tokens, user: number): Conversation {
  let tokens = session;
  let sent = 0;
  const bearer = () => ({ authorization: `Bearer ${tokens.accessToken}` });
  const next = (): Sent => {
    sent += 1;
    const share = (sent * 37 + user) % 100;
    if (share < 50) return operation(operations.viewer, {}, bearer());
    if (share < 70) return operation(operations.refresh, { input: { refreshToken: tokens.refreshToken } });
    if (share < 85) return { method: 'GET', path: '/auth/verify', headers: bearer() };
    if (share < 92) return operation(operations.viewer, {});
    if (share < 99) return operation(`{ viewer { field${sent} } }`, { input: 'x'.repeat(sent % 1000) });
    return operation(operations.login, { input: { email: addressOf(user), password } });
  };
  const check = ({ status, text }: Answer) => {
    if (status === 503) refused += 1;
    else if (status >= 500) throw new Error(`the gateway answered ${status}: ${text}`);
    // Of many sign-ins of one user, only the sessions of the last ones stay live.
    const { data } = JSON.parse(status === 200 ? text : '{}');
    tokens = data?.refresh ?? data?.login ?? tokens;
  };
  return { next, check };
}

function operation(query: string, variables: object, headers: Record<string, string> = {}): Sent {
  return { method: 'POST', path: '/graphql', headers, body: { query, variables } };
}

async function print(moment: string, metricsUrl: string): Promise<void> {
  const { text } = await ask(metricsUrl, { method: 'GET', path: '/metrics' });
  const megabytes = Object.values(columns).map((metric) => {
    const [, bytes] = new RegExp(`^${metric} (\\S+)$`, 'm').exec(text) ?? [];
    return String(Math.round(Number(bytes) / 1e6));
  });
  line([moment, ...megabytes]);
}

function line(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell) => cell.padEnd(12)).join('')}\n`);
}

await main();
