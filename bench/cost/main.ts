/**
 * `npm run bench`: CPU per request of the main operations, compared in one run with the same stack and the same
 * database without Postern. `--check` compares the ratios with baseline.json and fails when one is worse by more than
 * 15 %; `--write` replaces that file. `--rounds 1` is faster and less exact.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '../../src/development/embedded-postgres.ts';
import { freePort } from '../../test/support/servers/free-port.ts';
import { environmentOf, startGateway, waitUntilReady } from '../gateway-process.ts';
import { quantile } from '../quantile.ts';
import { cpuMsOf, cpuMsOfFamily } from './cpu-time.ts';
import { hashCpuMs, sqlLimits } from './limits.ts';
import { compare, print, type Row, ratiosOf } from './report.ts';
import { type Scenario, scenariosOf } from './scenarios.ts';
import { createUsers, signIn } from './users.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string', default: '' },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(options.rounds);
const connections = Number(options.connections);
const baselineFile = join(import.meta.dirname, 'baseline.json');
/** Before the first round: V8 compiles, PostgreSQL plans. */
const warmUpShare = 0.25;
/** A sign-in uses a core for tens of milliseconds: more connections would only wait. */
const hashingConnections = 4;
/** The size of the gateway's pool (DATABASE_POOL_MAX). */
const sqlConnections = 10;

interface Measured {
  scenario: Scenario;
  gateway: number[];
  postgres: number[];
  times: number[];
}

interface Processes {
  pidOf(scenario: Scenario): number;
  postmaster: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const begun = performance.now();
  const postgres = await startEmbeddedPostgres(folder);
  process.stdout.write(`PostgreSQL was ready after ${Math.round(performance.now() - begun)} ms.\n`);
  const ending: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true }), () => postgres.stop()];
  try {
    const constant = await startConstantAnswer();
    ending.push(() => constant.child.kill('SIGTERM'));
    const settings = { LOG_LEVEL: 'warn', RATE_LIMITS: 'refresh=off,authenticated=off' };
    const gateway = await startGateway(folder, environmentOf(postgres.url, settings));
    ending.push(() => gateway.stop());
    await createUsers(gateway.url, postgres.url, 20_000);
    const sessions = [];
    for (let user = 0; user < connections; user += 1) sessions.push(await signIn(gateway.url, user));
    const sql = await sqlLimits(postgres.url, sqlConnections);
    ending.push(() => sql.close());
    const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const scenarios = scenariosOf({ gateway: gateway.url, constantAnswer: constant.url, sessions });
    const pidOf = ({ name }: Scenario) => {
      if (name.startsWith('SQL')) return process.pid;
      return name === 'constant answer' ? (constant.child.pid ?? 0) : gateway.pid;
    };
    const chosen = [...scenarios, ...sql.scenarios].filter(({ name }) => name.includes(options.only));
    await report(await measureAll(chosen, { pidOf, postmaster }));
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

async function startConstantAnswer(): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const file = join(import.meta.dirname, 'constant-answer.ts');
  const env = { PATH: process.env.PATH ?? '', NODE_ENV: 'production' };
  const child = spawn(process.execPath, [file, String(port)], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  if (!(await waitUntilReady(url))) throw new Error('the constant answer did not start');
  return { url, child };
}

/** Rounds are interleaved, so that a change of the machine affects all operations. */
async function measureAll(scenarios: readonly Scenario[], processes: Processes): Promise<Measured[]> {
  const all = scenarios.map((scenario) => ({ scenario, gateway: [], postgres: [], times: [] }) as Measured);
  for (const { scenario } of all) await scenario.run(connectionsOf(scenario), scenario.requests * warmUpShare);
  for (let round = 0; round < rounds; round += 1) for (const measured of all) await measure(measured, processes);
  return all;
}

async function measure({ scenario, gateway, postgres, times }: Measured, processes: Processes): Promise<void> {
  const cpu = async () =>
    [await cpuMsOf(processes.pidOf(scenario)), await cpuMsOfFamily(processes.postmaster)] as const;
  const before = await cpu();
  times.push(...(await scenario.run(connectionsOf(scenario), scenario.requests)));
  const after = await cpu();
  gateway.push((after[0] - before[0]) / scenario.requests);
  postgres.push((after[1] - before[1]) / scenario.requests);
}

function connectionsOf({ name }: Scenario): number {
  return name === 'login' || name === 'register' ? hashingConnections : connections;
}

async function report(all: readonly Measured[]): Promise<void> {
  const rows: Row[] = all.map(({ scenario, gateway, postgres, times }) => ({
    name: scenario.name,
    gateway: quantile(gateway, 0.5),
    postgres: quantile(postgres, 0.5),
    latency: quantile(times, 0.5),
  }));
  const hash = await hashCpuMs(100, 2);
  rows.push({ name: 'raw Argon2id', gateway: hash, postgres: 0, latency: hash });
  print(rows);
  const ratios = ratiosOf(rows);
  if (options.write) await writeFile(baselineFile, `${JSON.stringify(ratios, null, 2)}\n`);
  if (options.check && !compare(ratios, JSON.parse(await readFile(baselineFile, 'utf8')))) process.exitCode = 1;
}

await main();
