/**
 * Measures the cost of a long audit trail: sealing, verification and export with the real commands, with the time and
 * the peak memory of each, for two lengths; and the time of requests during sealing. Asserts nothing.
 *
 * `npm run build && node bench/audit.ts [entries]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { environmentOf, mainFile, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const entries = Number(process.argv[2] ?? 200_000);
/** The heap limit of the commands: memory that grew with the trail would exceed it. */
const heapMb = 96;
/** Longer than the pause of the server between two rounds of sealing. */
const roundMs = 7_000;
const rounds = 4;
/** The entries of a round of sealing without a pause. */
const backlog = 20_000;
/** The advisory lock of sealing (persistence/audit/audit-chain.ts). */
const chainLock = 7_265_002;
let interrupted = new AbortController().signal;

interface Place {
  folder: string;
  databaseUrl: string;
  client: pg.Client;
}

async function main(): Promise<void> {
  // After Ctrl-C the gateway and its database are stopped.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  interrupted = interruption.signal;
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const client = new pg.Client(postgres.url);
  try {
    await client.connect();
    const place = { folder, databaseUrl: postgres.url, client };
    await run(place, ['migrate']);
    process.stdout.write(`each with a heap of ${heapMb} MB\n\n`);
    print(['command', 'entries', 'seconds', 'entries/s', 'peak RSS', 'prints']);
    for (const total of [Math.round(entries / 10), entries]) await measureCommands(place, total);
    await measureRequests(place);
  } finally {
    await client.end();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureCommands(place: Place, total: number): Promise<void> {
  const [row] = (await place.client.query<{ count: number }>('select count(*)::int as count from audit_entries')).rows;
  await writeEntries(place, total - (row?.count ?? 0));
  const path = join(place.folder, 'trail.ndjson');
  const keyPath = join(place.folder, 'key.pem');
  const measured: [string, string[], string?][] = [
    ['seal', ['audit', 'checkpoint']],
    ['verify', ['audit', 'verify']],
    ['export', ['audit', 'export'], path],
    ['verify --file', ['audit', 'verify', '--file', path, '--public-key', keyPath]],
  ];
  for (const [name, args, into] of measured) {
    if (name === 'verify --file') await writeFile(keyPath, (await run(place, ['audit', 'key'])).text);
    const { seconds, peakMb } = await run(place, args, into);
    const size = into ? `${((await stat(into)).size / 1e6).toFixed(0)} MB` : '';
    const memory = peakMb === null ? '-' : `${peakMb.toFixed(0)} MB`;
    print([name, `${total}`, seconds.toFixed(1), (total / seconds).toFixed(0), memory, size]);
  }
}

/** A hundred entries in a transaction: more than a request writes, but similar. */
async function writeEntries({ client }: Place, count: number): Promise<void> {
  for (let written = 0; written < count; written += 100) {
    await client.query(
      `insert into audit_entries (id, occurred_at, action, outcome, actor_id, target_type, target_id, request_id,
                                  ip_address, user_agent, personal_salt, personal_hash, details)
       select gen_random_uuid(), now(), 'session.refreshed', 'SUCCESS', gen_random_uuid(), 'session',
         gen_random_uuid()::text, gen_random_uuid()::text, '192.0.2.7', 'Bench/1', 'salt',
         sha256('salt' || convert_to('["192.0.2.7","Bench/1",null]', 'UTF8')), '{"generation": 7}'
       from generate_series(1, $1::int)`,
      [Math.min(100, count - written)],
    );
  }
}

interface Ran {
  seconds: number;
  /** null where the system does not report it. */
  peakMb: number | null;
  text: string;
}

async function run({ folder, databaseUrl }: Place, args: string[], into?: string): Promise<Ran> {
  const begun = performance.now();
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, mainFile, ...args], {
    cwd: folder,
    env: environmentOf(databaseUrl),
    stdio: ['ignore', 'pipe', 'inherit'],
    signal: interrupted,
  });
  let [text, peakMb]: [string, number | null] = ['', null];
  if (into) child.stdout.pipe(createWriteStream(into));
  else child.stdout.on('data', (chunk: Buffer) => (text += chunk));
  const watch = setInterval(async () => (peakMb = (await peakOf(child)) ?? peakMb), 50);
  const [code] = await once(child, 'close');
  clearInterval(watch);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${text}`);
  return { seconds: (performance.now() - begun) / 1000, peakMb, text };
}

/** Linux records the peak itself. */
async function peakOf({ pid }: ChildProcess): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) / 1024;
}

const moods = ['no sealing', 'sealing as usual', 'sealing a backlog'] as const;

/** One client sends one request after the other; its waits are measured, whichever process seals. */
async function measureRequests(place: Place): Promise<void> {
  const settings = { EMAIL_VERIFICATION: 'off', RATE_LIMITS: 'authenticated=off' };
  const { url, stop } = await startGateway(place.folder, environmentOf(place.databaseUrl, settings));
  try {
    const accessToken = await signIn(url);
    const times: Record<(typeof moods)[number], number[]> = {
      'no sealing': [],
      'sealing as usual': [],
      'sealing a backlog': [],
    };
    await rename(url, accessToken);
    for (let round = 0; round < rounds; round += 1) {
      for (const mood of moods) {
        if (mood === 'no sealing') await place.client.query('select pg_advisory_lock($1)', [chainLock]);
        if (mood === 'sealing a backlog') await writeEntries(place, backlog);
        const end = performance.now() + roundMs;
        while (performance.now() < end && !interrupted.aborted) {
          const begun = performance.now();
          await rename(url, accessToken);
          times[mood].push(performance.now() - begun);
        }
        if (mood === 'no sealing') await place.client.query('select pg_advisory_unlock($1)', [chainLock]);
      }
    }
    report(times);
  } finally {
    await stop();
  }
}

function report(times: Record<(typeof moods)[number], number[]>): void {
  process.stdout.write(
    `\nupdateProfile, which writes an entry: ${rounds} rounds of ${roundMs / 1000} s, interleaved; ms\n\n`,
  );
  print(['', 'requests', 'median', 'p90', 'p99', 'ratio']);
  const usual = quantile(times['no sealing'], 0.5);
  for (const mood of moods) {
    const [median = 0, p90 = 0, p99 = 0] = [0.5, 0.9, 0.99].map((part) => quantile(times[mood], part));
    const figures = [median, p90, p99].map((figure) => figure.toFixed(2));
    print([mood, `${times[mood].length}`, ...figures, (median / usual).toFixed(3)]);
  }
}

let serial = 0;
async function rename(url: string, accessToken: string): Promise<void> {
  serial += 1;
  const query = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { viewer { id } } }';
  await ask(url, query, { displayName: `Ada ${serial}` }, { authorization: `Bearer ${accessToken}` });
}

async function signIn(url: string): Promise<string> {
  const credentials = { email: 'ada@example.com', password: 'Wander 7 lanterns' };
  await ask(url, 'mutation ($input: RegisterInput!) { register(input: $input) { status } }', credentials);
  const query = 'mutation ($input: LoginInput!) { login(input: $input) { ... on AuthSession { accessToken } } }';
  return (await ask(url, query, credentials)).login.accessToken;
}

async function ask(url: string, query: string, input: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { input } }),
    signal: interrupted,
  });
  const body = JSON.parse(await response.text());
  if (body.errors) throw new Error(JSON.stringify(body.errors));
  return body.data;
}

function print(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell, column) => cell.padEnd(column === 0 ? 20 : 12)).join('')}\n`);
}

await main();
