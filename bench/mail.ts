/**
 * Measures whether requests that send a mail take as long while the mail server is well, away, or takes connections and
 * says nothing: one built gateway each, on one PostgreSQL, interleaved. Asserts nothing.
 *
 * `npm run build && node bench/mail.ts [samples]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/embedded-postgres.ts';

const samples = Number(process.argv[2] ?? 200);
const warmUps = 20;
const startDeadlineMs = 60_000;
const requestDeadlineMs = 15_000;
const mainFile = resolve(import.meta.dirname, '../dist/src/main.js');
let interrupted = new AbortController().signal;

const operations = {
  register: 'mutation Register($input: RegisterInput!) { register(input: $input) { status } }',
  resendVerificationEmail:
    'mutation Resend($input: ResendVerificationEmailInput!) { resendVerificationEmail(input: $input) { accepted } }',
};

const moods = ['well', 'away', 'silent'] as const;
type Mood = (typeof moods)[number];

interface Side {
  mood: Mood;
  url: string;
  times: Record<keyof typeof operations, number[]>;
}

async function main(): Promise<void> {
  // A Ctrl-C must not leave the gateways and their database behind: the next request fails, and all is cleared away.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  interrupted = interruption.signal;
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const servers: Server[] = [];
  const gateways: ChildProcess[] = [];
  try {
    const sides: Side[] = [];
    for (const mood of moods) {
      const databaseUrl = await createDatabase(postgres.url, `bench_${mood}`);
      const port = await freePort();
      const smtpPort = mood === 'away' ? await freePort() : await startMailServer(servers, mood === 'silent');
      gateways.push(startGateway(folder, { port, databaseUrl, smtpPort }));
      const url = `http://127.0.0.1:${port}`;
      await until('the gateway to be ready', async () => (await fetch(`${url}/readyz`)).ok);
      sides.push({ mood, url, times: { register: [], resendVerificationEmail: [] } });
    }
    for (let sample = -warmUps; sample < samples; sample += 1) {
      for (const side of shuffled(sides)) await measure(side, sample);
    }
    report(sides);
    for (const { mood, url } of sides) process.stdout.write(`${mood}: ${await mailLine(url)}\n`);
  } finally {
    await Promise.all(gateways.map(stop));
    for (const server of servers) server.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Registers an address and has its mail sent once more: two mails. */
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

function startGateway(
  cwd: string,
  { port, databaseUrl, smtpPort }: { port: number; databaseUrl: string; smtpPort: number },
) {
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'development',
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
    LOG_LEVEL: 'fatal',
  };
  return spawn(process.execPath, [mainFile, 'serve'], { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** As much SMTP as a mail needs, or none at all. */
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
    return inContent ? '354 go on\r\n' : '250 go on\r\n';
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

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  const forced = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  await closed;
  clearTimeout(forced);
}

async function until(what: string, probe: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + startDeadlineMs;
  while (Date.now() < deadline && !interrupted.aborted) {
    if (await probe().catch(() => false)) return;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('there is no port');
  return address.port;
}

await main();
