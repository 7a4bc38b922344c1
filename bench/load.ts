/**
 * `npm run test:load -- --rate 1000 --seconds 900`: a fixed number of requests a second against the built gateway with
 * 10,000 users, and the latencies beside their budgets. Exits with 1 above a budget, or after an error other than
 * RATE_LIMITED and SERVICE_BUSY. `--factor 2` doubles the budgets of latency, for a machine with other work.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { addressOf, createUsers, signIn, type Tokens } from './cost/users.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';
import { type Kind, mixOf, sequenceOf } from './load/mix.ts';
import { report, type Sample } from './load/report.ts';
import { runOnSchedule } from './load/schedule.ts';

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '60' },
    factor: { type: 'string', default: '1' },
  },
});
const rate = positive('rate', options.rate);
const seconds = positive('seconds', options.seconds);
const factor = positive('factor', options.factor);
const users = 10_000;
/** Enough that no session refreshes twice within a second. */
const sessionCount = 500;
/** Not measured: V8 compiles, PostgreSQL plans. */
const warmUpSeconds = 10;
/** All requests come from one address and few accounts. */
const limits = ['register', 'refresh', 'admin', 'anonymous', 'authenticated'].map((name) => `${name}=off`).join(',');

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const ending: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true }), () => postgres.stop()];
  try {
    const settings = { LOG_LEVEL: 'error', RATE_LIMITS: limits, ACCESS_TOKEN_TTL: '1h' };
    const gateway = await startGateway(folder, environmentOf(postgres.url, settings));
    ending.push(() => gateway.stop());
    await createUsers(gateway.url, postgres.url, users);
    const agent = new Agent({ keepAlive: true });
    ending.push(() => agent.destroy());
    const { admin, sessions } = await signInAll(gateway.url, postgres.url);
    const kinds = mixOf({ url: gateway.url, agent, users, admin, sessions });
    await measure(kinds, gateway);
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

async function signInAll(url: string, databaseUrl: string): Promise<{ admin: Tokens; sessions: Tokens[] }> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client
    .query(`update users set role_name = 'ADMIN' where email = $1`, [addressOf(0)])
    .finally(() => client.end());
  const admin = await signIn(url, 0);
  const sessions: Tokens[] = [];
  for (let user = 1; user <= sessionCount; user += 1) sessions.push(await signIn(url, user));
  return { admin, sessions };
}

async function measure(kinds: readonly Kind[], gateway: GatewayProcess): Promise<void> {
  const sequence = sequenceOf(kinds);
  let started = 0;
  const requestInto = (samples: Sample[]) => async (scheduledAt: number) => {
    const kind = sequence[started++ % sequence.length];
    if (!kind) return;
    const outcome = await kind.run();
    samples.push({ kind, ms: performance.now() - scheduledAt, outcome });
  };
  await runOnSchedule({ rate, seconds: warmUpSeconds }, requestInto([]));
  const samples: Sample[] = [];
  const begun = performance.now();
  await runOnSchedule({ rate, seconds }, requestInto(samples));
  const answered = samples.length / ((performance.now() - begun) / 1000);
  process.stdout.write(`${rate} requests a second for ${seconds} s: ${answered.toFixed(0)} answers a second.\n`);
  const problems = report(kinds, samples, { factor, peakMb: await peakMegabytes(gateway.pid) });
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

/** The largest resident memory of the process so far, from Linux (proc(5)). */
async function peakMegabytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round((Number(kilobytes) * 1024) / 1e6);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`--${name} must be a positive number`);
}

await main();
