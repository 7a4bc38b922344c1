/** Whether answers take equally long, whatever is stored about an address, a number or a key. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { portOf } from '../test/support/servers/free-port.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';
import {
  type Experiment,
  experiments,
  laterExperiments,
  lockoutFailures,
  operations,
  password,
  withSilentMailServer,
} from './neutrality/experiments.ts';
import { keySecret, samples, warmUps } from './neutrality/keys.ts';
import { mannWhitney } from './neutrality/mann-whitney.ts';
import { populate, templateEmail } from './neutrality/population.ts';
import { ask, interrupt } from './neutrality/request.ts';
import { quantile } from './quantile.ts';

/** A part of the names of the measured operations. */
const wanted = process.argv[3] ?? '';

async function main(): Promise<void> {
  // After Ctrl-C the next request fails, and the gateway and its database are stopped.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
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
      RATE_LIMITS: 'beginPhoneVerification=off',
      SMS_PROVIDER: 'log',
      SMS_COUNTRIES: 'DE',
      SMS_BUDGET: '100000/1d',
      SMS_BUDGET_PER_PREFIX: '100000/1h',
    };
    gateway = await startGateway(folder, environmentOf(postgres.url, settings));
    await populate(gateway.url, postgres.url);
    process.stdout.write(`${samples} samples a side, interleaved; Mann-Whitney U, two-sided\n\n`);
    print(['operation', 'median ms', 'median ms', 'diff ms', 'diff', 'p90 ms', 'z', 'p']);
    const run = async ({ url }: GatewayProcess, experiment: Experiment) => {
      if (experiment.name.includes(wanted)) print(rowOf(experiment, await measure(url, experiment)));
    };
    for (const experiment of [...experiments, ...laterExperiments]) await run(gateway, experiment);
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

/** The sides alternate, and in every pair chance decides the order, so that a change of the machine affects both. */
async function measure(url: string, experiment: Experiment): Promise<[number[], number[]]> {
  await askEarlier(url, experiment);
  const session = experiment.isSignedIn ? await signIn(url) : {};
  const times: [number[], number[]] = [[], []];
  for (let sample = 0; sample < warmUps + samples; sample += 1) {
    const order = Math.random() < 0.5 ? ([0, 1] as const) : ([1, 0] as const);
    for (const side of order) {
      const milliseconds = await timed(url, experiment, experiment.sides[side].address(sample), session);
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

async function timed(url: string, experiment: Experiment, address: string, session: Headers): Promise<number> {
  const { query, begin, input, headers, expected, name } = experiment;
  const sent = { ...session, ...headers?.(address) };
  const begun = begin && (await ask(url, begin.query, begin.input(address), sent));
  const flow = begun && /"flow":"([^"]+)"/.exec(begun)?.[1];
  const variables = input(flow ?? address);
  const startedAt = performance.now();
  const answer = await ask(url, query, variables, sent);
  const milliseconds = performance.now() - startedAt;
  if (answer !== expected) throw new Error(`${name}: ${address} was answered ${answer} instead of ${expected}`);
  return milliseconds;
}

type Headers = Record<string, string>;

/** The headers of a new session: some operations need a recent authentication. */
async function signIn(url: string): Promise<Headers> {
  const answer = await ask(url, operations.login, { email: templateEmail, password });
  const [, token] = /"accessToken":"([^"]+)"/.exec(answer) ?? [];
  if (!token) throw new Error(`the sign-in was answered ${answer}`);
  return { authorization: `Bearer ${token}` };
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
