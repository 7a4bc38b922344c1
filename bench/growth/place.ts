/** The two databases of the bench in one server: generated, sealed, and each with a gateway. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import argon2 from 'argon2';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/development/embedded-postgres.ts';
import { hashParameters } from '../cost/limits.ts';
import { password } from '../cost/users.ts';
import { environmentOf, type GatewayProcess, startGateway } from '../gateway-process.ts';
import { perSecond, print, runCommand } from './commands.ts';
import type { Operation } from './operation.ts';
import { operationsOf, settings } from './operations.ts';
import { type Counts, insertHistory, insertUsers } from './rows.ts';

export interface Place {
  databaseUrl: string;
  folder: string;
  client: pg.Client;
  gateway: GatewayProcess;
  operations: Operation[];
}

export interface Server {
  folder: string;
  url: string;
  /** The process id of the postmaster. */
  pid: number;
}

/** Stops and removes, in the order of adding. */
export type Ending = (() => unknown)[];

/** @param kept a folder whose databases outlive the bench; null: a temporary one */
export async function startServer(kept: string | null, ending: Ending): Promise<Server> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'postern-bench-')));
  if (!kept) ending.push(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres(folder);
  ending.push(() => postgres.stop());
  const pid = Number((await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  return { folder, url: postgres.url, pid };
}

/** Generates the database unless an earlier run kept it. */
export async function openPlace(
  { folder, url }: Server,
  { name, counts }: { name: string; counts: Counts },
  ending: Ending,
): Promise<Place> {
  const isNew = await createDatabase(url, name);
  const databaseUrl = Object.assign(new URL(url), { pathname: `/${name}` }).href;
  await runCommand({ folder, databaseUrl }, ['migrate']);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  ending.push(() => client.end());
  if (isNew) await fill(client, counts);
  await seal({ folder, databaseUrl, client, name });
  await client.query('vacuum analyze');
  const gateway = await startGateway(folder, environmentOf(databaseUrl, settings));
  ending.push(() => gateway.stop());
  const operations = await operationsOf(gateway.url, client, counts.users);
  return { databaseUrl, folder, client, gateway, operations };
}

/** @returns false when it exists */
async function createDatabase(serverUrl: string, name: string): Promise<boolean> {
  const server = new pg.Client(serverUrl);
  await server.connect();
  try {
    const { rowCount } = await server.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return false;
    await server.query(`create database ${name}`);
    return true;
  } finally {
    await server.end();
  }
}

async function fill(client: pg.Client, counts: Counts): Promise<void> {
  const passwordHash = await argon2.hash(password, hashParameters);
  await insertUsers(client, { count: counts.users, until: new Date(), passwordHash });
  await insertHistory(client, counts);
}

async function seal({ folder, databaseUrl, client, name }: { name: string } & Omit<Place, 'gateway' | 'operations'>) {
  const count = async () => (await client.query('select count(*)::float8 from audit_seals')).rows[0].count;
  const before = await count();
  const seconds = await runCommand({ folder, databaseUrl }, ['audit', 'checkpoint']);
  const sealed = (await count()) - before;
  print(`${name}: ${sealed} entries were sealed in ${seconds.toFixed(0)} s, ${perSecond(sealed, seconds)}.`);
}
