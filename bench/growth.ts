/**
 * `npm run bench:growth -- [scale]`: how much slower is each operation in a full database than in a nearly empty one? Scale
 * 1 (default) makes 1,000,000 users, 5,000,000 sessions and 10,000,000 audit entries; 0.1 takes minutes. Both databases
 * are in one server, and the measurements alternate between them. Then it measures sealing, clean-up and verification in
 * the full one. Asserts nothing. `--only text` measures the operations whose names contain it.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import argon2 from 'argon2';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/development/embedded-postgres.ts';
import { cpuMsOf, cpuMsOfFamily } from './cost/cpu-time.ts';
import { hashParameters } from './cost/limits.ts';
import { send } from './cost/load.ts';
import { password } from './cost/users.ts';
import { environmentOf, type GatewayProcess, startGateway } from './gateway-process.ts';
import { measureBackground, runCommand } from './growth/background.ts';
import { type Operation, operationsOf, settings } from './growth/operations.ts';
import { type Counts, insertHistory, insertUsers } from './growth/rows.ts';
import { quantile } from './quantile.ts';

const { values: options, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' } },
  allowPositionals: true,
});
const scale = Number(positionals[0] ?? 1);
const rounds = 5;
/** A slow operation sends fewer requests. */
const roundMs = 1000;
/** The nearly empty database: enough to fill a page of each list. */
const few: Counts = { users: 5000, sessions: 25_000 };
const many: Counts = { users: 1_000_000 * scale, sessions: 5_000_000 * scale };

interface Place {
  databaseUrl: string;
  folder: string;
  client: pg.Client;
  gateway: GatewayProcess;
  operations: Operation[];
}

/** Milliseconds: of each request, and the CPU time of all of them. */
interface Figures {
  times: number[];
  cpu: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-bench-'));
  const postgres = await startEmbeddedPostgres(folder);
  const ending: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true }), () => postgres.stop()];
  try {
    const postmaster = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const places: Place[] = [];
    for (const [name, counts] of Object.entries({ few, many })) {
      places.push(await createPlace(postgres.url, { name, counts, folder }, ending));
    }
    const [empty, full] = places;
    if (!empty || !full) return;
    await compare(empty, full, postmaster);
    await measureBackground(full);
  } finally {
    for (const end of ending.reverse()) await end();
  }
}

async function createPlace(
  serverUrl: string,
  { name, counts, folder }: { name: string; counts: Counts; folder: string },
  ending: (() => unknown)[],
): Promise<Place> {
  const server = new pg.Client(serverUrl);
  await server.connect();
  await server.query(`create database ${name}`).finally(() => server.end());
  const databaseUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  await runCommand({ folder, databaseUrl }, ['migrate']);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  ending.push(() => client.end());
  const passwordHash = await argon2.hash(password, hashParameters);
  await insertUsers(client, { count: counts.users, until: new Date(), passwordHash });
  await insertHistory(client, counts);
  const entries = counts.sessions * 2;
  const seconds = await runCommand({ folder, databaseUrl }, ['audit', 'checkpoint']);
  process.stdout.write(
    `${name}: ${entries} entries were sealed in ${seconds.toFixed(0)} s, ${perSecond(entries, seconds)}.\n`,
  );
  await client.query('vacuum analyze');
  const gateway = await startGateway(folder, environmentOf(databaseUrl, settings));
  ending.push(() => gateway.stop());
  const operations = await operationsOf(gateway.url, client, counts.users);
  return { databaseUrl, folder, client, gateway, operations };
}

const perSecond = (count: number, seconds: number) => `${Math.round(count / seconds)}/s`;

async function compare(empty: Place, full: Place, postmaster: number): Promise<void> {
  const names = empty.operations.map(({ name }) => name).filter((name) => name.includes(options.only));
  line(['', 'empty ms', 'full ms', 'ratio', 'empty CPU', 'full CPU', 'ratio']);
  for (const name of names) {
    const [few, many] = await measure(name, [empty, full], postmaster);
    if (!few || !many) continue;
    const times = [quantile(few.times, 0.5), quantile(many.times, 0.5)] as const;
    const cpu = [few.cpu / few.times.length, many.cpu / many.times.length] as const;
    line([name, ...figures(times), ...figures(cpu)]);
  }
}

/** The first round warms up: V8 compiles, PostgreSQL plans and reads pages. */
async function measure(name: string, places: readonly Place[], postmaster: number): Promise<Figures[]> {
  const all = places.map((): Figures => ({ times: [], cpu: 0 }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, place] of places.entries()) {
      const { times, cpu } = await measureRound(name, place, postmaster);
      const sum = all[index];
      if (round === 0 || !sum) continue;
      sum.times.push(...times);
      sum.cpu += cpu;
    }
  }
  return all;
}

async function measureRound(name: string, { gateway, operations }: Place, postmaster: number): Promise<Figures> {
  const operation = operations.find((other) => other.name === name);
  if (!operation) throw new Error(`there is no operation ${name}`);
  const readCpu = async () => (await cpuMsOf(gateway.pid)) + (await cpuMsOfFamily(postmaster));
  const before = await readCpu();
  const times: number[] = [];
  const end = performance.now() + roundMs;
  while (times.length < operation.requests && performance.now() < end) {
    times.push(...(await send(gateway.url, [operation], Math.min(operation.requests, 10))));
  }
  return { times, cpu: (await readCpu()) - before };
}

function figures([before, after]: readonly [number, number]): string[] {
  return [before.toFixed(2), after.toFixed(2), (after / before).toFixed(2)];
}

function line(cells: readonly string[]): void {
  process.stdout.write(
    `${cells
      .map((cell, column) => cell.padEnd(column === 0 ? 34 : 11))
      .join('')
      .trimEnd()}\n`,
  );
}

await main();
