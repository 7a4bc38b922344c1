/**
 * Measures whether requests that send a mail take the same time while the mail server works, is down, or accepts
 * connections and stays silent: one built gateway for each, on one PostgreSQL, interleaved. Asserts nothing.
 *
 * `npm run build && node bench/mail.ts [samples]`
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { freePort, portOf } from '../test/support/servers/free-port.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const samples = Number(process.argv[2] ?? 200);
const warmUps = 20;
const requestDeadlineMs = 15_000;
let interrupted = new AbortController().signal;

const operations = {
  register: 'mutation Register($input: RegisterInput!) { register(input: $input) { status } }',
  resendVerificationEmail:
    'mutation Resend($input: ResendVerificationEmailInput!) { resendVerificationEmail(input: $input) { accepted } }',
};

const moods = ['well', 'away', 'silent'] as const;
type Behaviour = (typeof moods)[number];

interface Side {
  mood: Behaviour;
  url: string;
  times: Record<keyof typeof operations, number[]>;
}

async function main(): Promise<void> {
  // After Ctrl-C the next request fails, and the gateways and their database are stopped.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  interrupted = interruption.signal;
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const servers: Server[] = [];
  const gateways: GatewayProcess[] = [];
  try {
    const sides: Side[] = [];
    for (const mood of moods) {
      const databaseUrl = await createDatabase(postgres.url, `bench_${mood}`);
      const smtpPort = mood === 'away' ? await freePort() : await startMailServer(servers, mood === 'silent');
      const settings = { SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' };
      const gateway = await startGateway(folder, environmentOf(databaseUrl, settings));
      gateways.push(gateway);
      sides.push({ mood, url: gateway.url, times: { register: [], resendVerificationEmail: [] } });
    }
    for (let sample = -warmUps; sample < samples; sample += 1) {
      for (const side of shuffled(sides)) await measure(side, sample);
    }
    report(sides);
    for (const { mood, url } of sides) process.stdout.write(`${mood}: ${await mailLine(url)}\n`);
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    for (const server of servers) server.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Registers an address and requests its mail once more: two mails. */
async function measure({ url, times }: Side, sample: number): Promise<void> {
  const email = `person${sample + warmUps}@example.com`;
  const registering = await timed(url, operations.register, { email, password: 'Wander 7 lanterns' });
  const resending = await timed(url, operations.resendVerificationEmail, { email });
  if (sample < 0) return;
  times.register.push(registering);
  times.resendVerificationEmail.push(resending);
}

async function timed(url: string, query: string, input: object): Promise<number> {
  const begun = performance.now();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
    signal: AbortSignal.any([interrupted, AbortSignal.timeout(requestDeadlineMs)]),
  });
  const body = JSON.parse(await response.text());
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return performance.now() - begun;
}

function report(sides: readonly Side[]): void {
  process.stdout.write(`${samples} samples each, interleaved; milliseconds, and the median's ratio to "well"\n\n`);
  print(['operation', 'mail server', 'median', 'p90', 'p99', 'ratio']);
  for (const name of ['register', 'resendVerificationEmail'] as const) {
    const usual = quantile(sides[0]?.times[name] ?? [], 0.5);
    for (const { mood, times } of sides) {
      const [median, p90, p99] = [0.5, 0.9, 0.99].map((part) => quantile(times[name], part));
      print([
        name,
        mood,
        `${median?.toFixed(2)}`,
        `${p90?.toFixed(2)}`,
        `${p99?.toFixed(2)}`,
        ((median ?? 0) / usual).toFixed(3),
      ]);
    }
  }
  process.stdout.write('\n');
}

function print(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell, column) => cell.padEnd(column === 0 ? 24 : 12)).join('')}\n`);
}

async function mailLine(url: string): Promise<string> {
  return /^mail: .*$/m.exec(await (await fetch(`${url}/readyz`)).text())?.[0] ?? '';
}

/** The SMTP that a mail needs, or silence. */
async function startMailServer(servers: Server[], silent: boolean): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (!silent) converse(socket);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return portOf(server);
}

function converse(socket: Socket): void {
  let [waiting, inContent] = ['', false];
  const answer = (line: string): string => {
    if (inContent) {
      inContent = line !== '.';
      return inContent ? '' : '250 taken\r\n';
    }
    inContent = line === 'DATA';
    if (line === 'QUIT') socket.end();
    return inContent ? '354 continue\r\n' : '250 ok\r\n';
  };
  socket.write('220 mail.example.com\r\n');
  socket.on('data', (chunk: Buffer) => {
    const lines = `${waiting}${chunk}`.split('\r\n');
    waiting = lines.pop() ?? '';
    socket.write(lines.map(answer).join(''));
  });
}

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return Object.assign(new URL(url), { pathname: `/${name}` }).href;
}

function shuffled<T>(things: readonly T[]): T[] {
  return things
    .map((thing) => ({ thing, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ thing }) => thing);
}

await main();
