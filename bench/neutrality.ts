import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { type ApiKeyParts, hashSecret, mintApiKey, renewApiKey } from '../src/security/api-key.ts';
import { createKeyRing } from '../src/security/keys/key-ring.ts';
import { until } from '../test/support/races/until.ts';
import { portOf } from '../test/support/servers/free-port.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';
import { quantile } from './quantile.ts';

const samples = Number(process.argv[2] ?? 200);
/** A part of the names of the measured operations. */
const wanted = process.argv[3] ?? '';
const warmUps = 20;
/** The smallest limit: every measured lockout needs that many failures before it. */
const lockoutFailures = 3;
/** Mails of a kind to one address (mail/outbox.ts). */
const mailsAnHour = 3;
const codeSent = '{"beginCodeLogin":{"channel":"EMAIL","resendAfter":60}}';
const accepted = '{"requestPasswordReset":{"accepted":true}}';
const requestDeadlineMs = 15_000;
const password = 'Wander 7 lanterns';
let interrupted = new AbortController().signal;

const operations = {
  login: 'mutation Login($input: LoginInput!) { login(input: $input) { __typename } }',
  register: 'mutation Register($input: RegisterInput!) { register(input: $input) { status } }',
  reset: 'mutation Reset($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { accepted } }',
  beginCode: 'mutation Code($input: BeginCodeLoginInput!) { beginCodeLogin(input: $input) { channel resendAfter } }',
  machine: 'query Machine { machine { name } }',
  verify: 'mutation Verify($input: VerifyEmailInput!) { verifyEmail(input: $input) { verified } }',
};

interface Side {
  label: string;
  /** Every sample has a separate address or key, so that no counter affects it. */
  address(sample: number): string;
}

interface Experiment {
  name: string;
  query: string;
  input(email: string): object;
  /** How the key is presented. */
  headers?(key: string): Record<string, string>;
  sides: readonly [Side, Side];
  /** The expected response: other responses would not compare the two sides. */
  expected: string;
  /** An operation that one side sends before the samples. */
  prepare?: { query: string; input(email: string): object; side: 0 | 1 };
  /** The number of equal requests before it, so that the measured one locks, or exceeds the limit of mails. */
  earlier?: number;
}

const experiments: readonly Experiment[] = [
  {
    name: 'login, wrong password',
    query: operations.login,
    input: (email) => ({ email, password: `${password}?` }),
    sides: [
      { label: 'known', address: (sample) => `known-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `nobody-${sample}@example.com` },
    ],
    expected: 'INVALID_CREDENTIALS',
  },
  {
    name: 'login, the failure that locks',
    query: operations.login,
    input: (email) => ({ email, password: `${password}?` }),
    sides: [
      { label: 'known', address: (sample) => `locks-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `lacks-${sample}@example.com` },
    ],
    expected: 'INVALID_CREDENTIALS',
    earlier: lockoutFailures - 1,
  },
  {
    name: 'register',
    query: operations.register,
    input: (email) => ({ email, password }),
    sides: [
      { label: 'taken', address: (sample) => `taken-${sample}@example.com` },
      { label: 'free', address: (sample) => `vacant-${sample}@example.com` },
    ],
    expected: '{"register":{"status":"VERIFICATION_SENT"}}',
  },
  {
    name: 'requestPasswordReset',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `reset-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `ghost-${sample}@example.com` },
    ],
    expected: accepted,
  },
  {
    name: 'requestPasswordReset, pending',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'pending', address: (sample) => `waiting-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `absent-${sample}@example.com` },
    ],
    expected: accepted,
    prepare: { query: operations.register, input: (email) => ({ email, password }), side: 0 },
  },
  {
    name: 'requestPasswordReset, limited',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `often-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `never-${sample}@example.com` },
    ],
    expected: accepted,
    earlier: mailsAnHour,
  },
  {
    name: 'beginCodeLogin',
    query: operations.beginCode,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `coded-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `codes-${sample}@example.com` },
    ],
    expected: codeSent,
  },
  {
    name: 'beginCodeLogin, limited',
    query: operations.beginCode,
    input: (email) => ({ email }),
    sides: [
      { label: 'known', address: (sample) => `again-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `anon-${sample}@example.com` },
    ],
    expected: codeSent,
    earlier: mailsAnHour,
  },
  {
    name: 'requestPasswordReset, deleted',
    query: operations.reset,
    input: (email) => ({ email }),
    sides: [
      { label: 'deleted', address: (sample) => `gone-${sample}@example.com` },
      { label: 'unknown', address: (sample) => `none-${sample}@example.com` },
    ],
    expected: accepted,
  },
];

const keySecret = randomBytes(32);
const keysOf = () => Array.from({ length: samples + warmUps }, () => mintApiKey('pat'));
/** The secrets of the first are replaced by others before they are presented. */
const keys = { known: keysOf(), revoked: keysOf(), unknown: keysOf() };

const ofKeys = (name: string, sides: readonly [Side, Side]): Experiment => ({
  name,
  query: operations.machine,
  input: () => ({}),
  headers: (key) => ({ authorization: `Bearer ${key}` }),
  sides,
  expected: 'UNAUTHENTICATED',
});
const unknownKey: Side = { label: 'unknown', address: (sample) => keys.unknown[sample]?.key ?? '' };
const wrongKey: Side = {
  label: 'wrong',
  address: (sample) => renewApiKey('pat', keys.known[sample]?.lookup ?? '').key,
};
const revokedKey: Side = { label: 'revoked', address: (sample) => keys.revoked[sample]?.key ?? '' };
const keyExperiments = [
  ofKeys('API key, wrong secret', [wrongKey, unknownKey]),
  ofKeys('API key, revoked', [revokedKey, unknownKey]),
];

const withSilentMailServer: Experiment = {
  name: 'requestPasswordReset, SMTP silent',
  query: operations.reset,
  input: (email) => ({ email }),
  sides: [
    { label: 'known', address: (sample) => `quiet-${sample}@example.com` },
    { label: 'unknown', address: (sample) => `mute-${sample}@example.com` },
  ],
  expected: accepted,
};

async function main(): Promise<void> {
  // After Ctrl-C the next request fails, and the gateway and its database are stopped.
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  interrupted = interruption.signal;
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  let gateway: GatewayProcess | null = null;
  try {
    const settings = {
      SECRET: keySecret.toString('base64'),
      RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
      LOCKOUT: `${lockoutFailures}/15m`,
      SIGN_IN_METHODS: 'password,email-code',
    };
    gateway = await startGateway(folder, environmentOf(postgres.url, settings));
    await populate(gateway.url, postgres.url);
    process.stdout.write(`${samples} samples a side, interleaved; Mann-Whitney U, two-sided\n\n`);
    print(['operation', 'median ms', 'median ms', 'diff ms', 'diff', 'p90 ms', 'z', 'p']);
    const run = async ({ url }: GatewayProcess, experiment: Experiment) => {
      if (experiment.name.includes(wanted)) print(rowOf(experiment, await measure(url, experiment)));
    };
    for (const experiment of [...experiments, ...keyExperiments]) await run(gateway, experiment);
    if (!withSilentMailServer.name.includes(wanted)) return;
    await gateway.stop();
    const stalled = { ...settings, SMTP_URL: `smtp://127.0.0.1:${portOf(silent)}` };
    gateway = await startGateway(folder, environmentOf(postgres.url, stalled));
    await run(gateway, withSilentMailServer);
  } finally {
    await gateway?.stop();
    silent.close();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One user registers through the API; the others are copies. */
async function populate(url: string, databaseUrl: string): Promise<void> {
  const email = 'template@example.com';
  await ask(url, operations.register, { email, password });
  const token = await until('the mail with the link', async () => {
    const mailbox = await (await fetch(`${url}/dev/mailbox`)).text();
    return /#token=([\w-]+)/.exec(mailbox)?.[1];
  });
  await ask(url, operations.verify, { token });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const kind of ['known', 'locks', 'taken', 'reset', 'often', 'gone', 'quiet', 'coded', 'again']) {
      await client.query(
        `insert into users (id, email, email_verified_at, password_hash, role_name, status, created_at, updated_at)
         select gen_random_uuid(), $2 || '-' || n || '@example.com', email_verified_at, password_hash, role_name, status, created_at, updated_at
         from users, generate_series(0, $3::int) n where email = $1`,
        [email, kind, samples + warmUps],
      );
    }
    await client.query(`update users set status = 'DELETED', deleted_at = now() where email like 'gone-%'`);
    await insertKeys(client, keys.known, null);
    await insertKeys(client, keys.revoked, new Date());
    // As autovacuum does: the first reader of new rows would otherwise write to their pages.
    await client.query('vacuum (analyze) users, api_keys');
  } finally {
    await client.end();
  }
}

/** As `createApiKey` would store them for the user of the template. */
async function insertKeys(client: pg.Client, minted: readonly ApiKeyParts[], revokedAt: Date | null): Promise<void> {
  const keyRing = createKeyRing([keySecret]);
  const hashes = minted.map(({ secret }) => hashSecret(keyRing, 'api-key', secret));
  await client.query(
    `insert into api_keys (id, lookup, user_id, name, scopes, secret_hash, secret_set_at, ip_allowlist, created_at, expires_at, revoked_at)
     select gen_random_uuid(), k.lookup, u.id, 'bench', '{profile:write}', k.hash, now(), '{}', now(), now() + interval '1 day', $3
     from unnest($1::text[], $2::bytea[]) k (lookup, hash), users u where u.email = 'template@example.com'`,
    [minted.map(({ lookup }) => lookup), hashes, revokedAt],
  );
}

/** The sides alternate, and in every pair chance decides the order, so that a change of the machine affects both. */
async function measure(url: string, experiment: Experiment): Promise<[number[], number[]]> {
  await askEarlier(url, experiment);
  const times: [number[], number[]] = [[], []];
  for (let sample = 0; sample < warmUps + samples; sample += 1) {
    const order = Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) {
      const milliseconds = await timed(url, experiment, experiment.sides[side].address(sample));
      if (sample >= warmUps) times[side].push(milliseconds);
    }
  }
  return times;
}

async function askEarlier(url: string, { query, input, sides, prepare, earlier = 0 }: Experiment): Promise<void> {
  for (let sample = 0; sample < warmUps + samples; sample += 1) {
    if (prepare) await ask(url, prepare.query, prepare.input(sides[prepare.side].address(sample)));
    const addresses = sides.map(({ address }) => address(sample));
    for (let time = 0; time < earlier; time += 1) {
      await Promise.all(addresses.map((email) => ask(url, query, input(email))));
    }
  }
}

async function timed(
  url: string,
  { query, input, headers, expected, name }: Experiment,
  email: string,
): Promise<number> {
  const sent = headers?.(email);
  const begun = performance.now();
  const answer = await ask(url, query, input(email), sent);
  const milliseconds = performance.now() - begun;
  if (answer !== expected) throw new Error(`${name}: ${email} was answered ${answer} instead of ${expected}`);
  return milliseconds;
}

/** @returns the code of the error, or the data */
async function ask(url: string, query: string, input: object, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables: { input } }),
    signal: AbortSignal.any([interrupted, AbortSignal.timeout(requestDeadlineMs)]),
  });
  const body = JSON.parse(await response.text());
  return body.errors ? String(body.errors[0].extensions.code) : JSON.stringify(body.data);
}

/** Whether two samples come from one distribution: by ranks only, so outliers and skew do not matter. Two-sided. */
function mannWhitney(a: readonly number[], b: readonly number[]): { z: number; p: number } {
  const all = [...a.map((value) => ({ value, first: true })), ...b.map((value) => ({ value, first: false }))];
  all.sort((one, other) => one.value - other.value);
  let [rankSum, ties, index] = [0, 0, 0];
  while (index < all.length) {
    let end = index;
    while (end + 1 < all.length && all[end + 1]?.value === all[index]?.value) end += 1;
    const size = end - index + 1;
    ties += size ** 3 - size;
    rankSum += all.slice(index, end + 1).filter(({ first }) => first).length * ((index + end) / 2 + 1);
    index = end + 1;
  }
  const n = all.length;
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  const z = (u - (a.length * b.length) / 2) / Math.sqrt(variance);
  return { z, p: 2 * normalTail(Math.abs(z)) };
}

/** P(Z > z), Abramowitz and Stegun 26.2.17: accurate to 7 digits. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
}

function rowOf({ name, sides }: Experiment, [one, other]: [number[], number[]]): string[] {
  const [m1, m2] = [quantile(one, 0.5), quantile(other, 0.5)];
  const { z, p } = mannWhitney(one, other);
  return [
    name,
    `${sides[0].label} ${m1.toFixed(2)}`,
    `${sides[1].label} ${m2.toFixed(2)}`,
    `${(m1 - m2).toFixed(2)}`,
    `${((100 * (m1 - m2)) / m2).toFixed(1)} %`,
    `${quantile(one, 0.9).toFixed(2)} / ${quantile(other, 0.9).toFixed(2)}`,
    z.toFixed(2),
    p < 0.0001 ? '< 0.0001' : p.toFixed(4),
  ];
}

/** The titles of the columns. */
const widths = [34, 16, 16, 8, 8, 18, 7, 8];

function print(cells: readonly string[]): void {
  process.stdout.write(`${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ')}\n`);
}

await main();
