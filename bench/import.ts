/**
 * `npm run bench:import -- --rows 1000000`: imports a generated file with the real command beside a gateway that signs users
 * in. Prints the memory of the import at 10, 50 and 100 % of the file, the times of sign-ins without and during the import,
 * how long the sealing of the audit trail takes afterwards, and whether the trail is whole. Exits with 1 above a budget.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import bcrypt from 'bcrypt';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { freePort } from '../test/support/servers/free-port.ts';
import { ask } from './cost/load.ts';
import { addressOf, createUsers, operations, password } from './cost/users.ts';
import { environmentOf, mainFile, startGateway } from './gateway-process.ts';
import { runOnSchedule } from './load/schedule.ts';
import { quantile } from './quantile.ts';

const { values: options } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } });
const rows = Number(options.rows);
if (!(Number.isSafeInteger(rows) && rows >= 1000)) throw new Error('--rows must be a whole number of at least 1000');

const users = 1000;
/** Sign-ins a second. */
const rate = 5;
const idleSeconds = 60;
/** One part of the measurement during the import. */
const partSeconds = 5;
const parts = [0.1, 0.5, 1];
const memoryBudgetMb = 200;
/** The 99th percentile of sign-ins during the import, as a multiple of the one without. */
const slowdownBudget = 3;
const sealingBudgetSeconds = 300;
const problems: string[] = [];

interface Bench {
  folder: string;
  environment: Record<string, string>;
  url: string;
  metricsUrl: string;
  agent: Agent;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const agent = new Agent({ keepAlive: true });
  const ending: (() => unknown)[] = [
    () => rm(folder, { recursive: true, force: true }),
    () => postgres.stop(),
    () => agent.destroy(),
  ];
  try {
    const metricsPort = String(await freePort());
    const environment = environmentOf(postgres.url, { RATE_LIMITS: 'anonymous=off', METRICS_PORT: metricsPort });
    const gateway = await startGateway(folder, environment);
    ending.push(() => gateway.stop());
    await createUsers(gateway.url, postgres.url, users);
    await measure({ folder, environment, url: gateway.url, metricsUrl: `http://127.0.0.1:${metricsPort}`, agent });
  } finally {
    for (const end of ending.reverse()) await end();
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

async function measure(bench: Bench): Promise<void> {
  const file = join(bench.folder, 'users.ndjson');
  await writeUsers(file);
  // Not measured: V8 compiles, PostgreSQL plans.
  await signIns(bench, partSeconds);
  const idle = await signIns(bench, idleSeconds);
  const begun = performance.now();
  const running = startImport(bench, file);
  const busy: number[] = [];
  while (!running.isOver()) busy.push(...(await signIns(bench, partSeconds)));
  const seconds = (performance.now() - begun) / 1000;
  print(await running.end);
  print(`${rows} rows in ${seconds.toFixed(0)} s: ${(rows / seconds).toFixed(0)} a second.`);
  reportMemory(running.residentMb);
  reportSignIns(idle, busy);
  await reportSealing(bench);
  await reportVerification(bench);
}

async function writeUsers(path: string): Promise<void> {
  const hash = await bcrypt.hash(password, 10);
  const lines = function* () {
    for (let row = 0; row < rows; row += 1) {
      const names = {
        id: `old-${row}`,
        email: `old-${row}@example.com`,
        raw_user_meta_data: { full_name: `User ${row}` },
      };
      const times = { email_confirmed_at: '2023-01-02T03:04:05Z', created_at: '2022-01-02T03:04:05Z' };
      yield `${JSON.stringify({ ...names, ...times, encrypted_password: hash })}\n`;
    }
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
}

/** Different users sign in by a schedule. @returns the milliseconds of each sign-in since its scheduled time */
async function signIns({ url, agent }: Bench, seconds: number): Promise<number[]> {
  const times: number[] = [];
  await runOnSchedule({ rate, seconds }, async (scheduledAt) => {
    const input = { email: addressOf(Math.floor(Math.random() * users)), password };
    const body = { query: operations.login, variables: { input } };
    const { text } = await ask(url, { method: 'POST', path: '/graphql', body }, agent);
    if (!text.includes('accessToken')) throw new Error(`a sign-in failed: ${text}`);
    times.push(performance.now() - scheduledAt);
  });
  return times;
}

/** The command in a process of its own, and its resident memory at each of `parts` of the file. */
function startImport({ folder, environment }: Bench, file: string) {
  const report = join(folder, 'report');
  const args = [mainFile, 'users', 'import', '--from', 'supabase', file, '--report', report];
  const child = spawn(process.execPath, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  const residentMb: number[] = [];
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const watch = async () => {
    while (!isOver()) {
      const resident = await residentMegabytes(child.pid ?? 0).catch(() => null);
      const part = (await lastLine(report)) / rows;
      // The last measurement is that of the whole file.
      const place = parts.findLastIndex((each) => part >= each || (each === 1 && part > 0.95));
      if (place >= 0 && resident !== null) residentMb[place] = Math.max(resident, residentMb[place] ?? 0);
      await sleep(200);
    }
  };
  const end = Promise.all([child.stdout.toArray(), once(child, 'close'), watch()]).then(([printed]) => {
    if (child.exitCode !== 0) problems.push(`The import exited with ${child.exitCode}.`);
    return Buffer.concat(printed).toString().trim();
  });
  return { isOver, end, residentMb };
}

/** From Linux (proc(5)). */
async function residentMegabytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round((Number(kilobytes) * 1024) / 1e6);
}

/** @returns the number of the last line that the import has reported; 0: none */
async function lastLine(report: string): Promise<number> {
  const file = await open(report).catch(() => null);
  if (!file) return 0;
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, Math.max(0, size - 1024));
    return Number([...buffer.toString('utf8', 0, bytesRead).matchAll(/\{"line":(\d+),/g)].at(-1)?.[1] ?? 0);
  } finally {
    await file.close();
  }
}

function reportMemory(residentMb: readonly number[]): void {
  const at = parts.map((part, place) => `${residentMb[place] ?? '?'} MB until ${part * 100} %`);
  print(`Resident memory of the import: ${at.join(', ')}.`);
  const most = Math.max(...residentMb);
  if (!(most <= memoryBudgetMb))
    problems.push(`The memory of the import reaches ${most} MB; budget ${memoryBudgetMb} MB.`);
}

function reportSignIns(idle: readonly number[], busy: readonly number[]): void {
  const figures = (times: readonly number[]) =>
    [0.5, 0.99, 1].map((part) => quantile(times, part).toFixed(0)).join(' / ');
  print(`Sign-ins, p50 / p99 / max ms: ${figures(idle)} without the import (${idle.length}),`);
  print(`                              ${figures(busy)} during it (${busy.length}).`);
  const slowdown = quantile(busy, 0.99) / quantile(idle, 0.99);
  print(`The p99 is ${slowdown.toFixed(1)} times the one without the import; budget ${slowdownBudget}.`);
  if (!(slowdown <= slowdownBudget)) problems.push('The 99th percentile of sign-ins is above its budget.');
}

async function reportSealing({ metricsUrl }: Bench): Promise<void> {
  const begun = performance.now();
  const elapsed = () => (performance.now() - begun) / 1000;
  let unsealed = await unsealedEntries(metricsUrl);
  const first = unsealed;
  while (unsealed > 0 && elapsed() < sealingBudgetSeconds) {
    await sleep(1000);
    unsealed = await unsealedEntries(metricsUrl);
  }
  print(`The audit trail was sealed ${elapsed().toFixed(0)} s after the import (${first} entries were left).`);
  if (unsealed > 0) problems.push(`After ${sealingBudgetSeconds} s, ${unsealed} entries are not sealed.`);
}

async function reportVerification({ folder, environment }: Bench): Promise<void> {
  const begun = performance.now();
  const child = spawn(process.execPath, [mainFile, 'audit', 'verify'], {
    cwd: folder,
    env: environment,
    stdio: 'ignore',
  });
  const [code] = await once(child, 'close');
  print(`postern audit verify: exit ${code} after ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
  if (code !== 0) problems.push('The audit trail is not whole.');
}

async function unsealedEntries(metricsUrl: string): Promise<number> {
  const { text } = await ask(metricsUrl, { method: 'GET', path: '/metrics' });
  return Number(/^postern_audit_entries_unsealed (\d+)/m.exec(text)?.[1] ?? Number.NaN);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
