/** Debian's PostgreSQL as one server without a standby. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { unprivileged } from '../../../src/development/embedded-postgres.ts';
import { freePort } from '../../support/servers/free-port.ts';
import type { Ending } from './ending.ts';
import { findPostgres } from './packages.ts';
import { type Program, startProgram } from './program.ts';

export interface Postgres extends Program {
  /** Connects as the owner of the database of the gateways. */
  url: string;
  /** The folder of its data. */
  data: string;
  /** Connects as the superuser. */
  superuserUrl: string;
}

const password = 'drill-password';
const run = promisify(execFile);

interface PostgresOptions {
  /** Of postgresql.conf. */
  settings?: Record<string, string>;
  /** Changes the command of the server. */
  wrap?: (data: string, command: readonly [string, readonly string[]]) => readonly [string, readonly string[]];
}

export async function startPostgres(
  ending: Ending,
  { settings = {}, wrap = (_, command) => command }: PostgresOptions = {},
): Promise<Postgres> {
  const { folder: programs, environment } = await findPostgres();
  const folder = await ending.folder();
  const [data, passwordFile, port] = [join(folder, 'data'), join(folder, 'password'), await freePort()];
  await writeFile(passwordFile, password);
  const init = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'];
  const [file, args] = unprivileged(join(programs, 'initdb'), [...init, '--locale=C']);
  await run(file, args, { env: environment, cwd: folder });
  const fixed = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', log_checkpoints: 'off' };
  const options = Object.entries({ ...fixed, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const superuserUrl = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  const program = await startProgram({
    name: 'PostgreSQL',
    command: wrap(data, unprivileged(join(programs, 'postgres'), ['-D', data, ...options])),
    environment,
    folder,
    isReady: () => accepts(superuserUrl),
    stopSignal: 'SIGQUIT',
    startDeadlineMs: 30_000,
  });
  ending.add(program.stop);
  return { ...program, data, superuserUrl, url: await createDatabase(superuserUrl) };
}

/** Creates the role and the database of the gateways. @returns the address */
export async function createDatabase(superuserUrl: string): Promise<string> {
  const client = new pg.Client(superuserUrl);
  await client.connect();
  try {
    await client.query(`create role postern login password '${password}'`);
    await client.query('create database postern owner postern');
  } finally {
    await client.end();
  }
  return Object.assign(new URL(superuserUrl), { username: 'postern', password, pathname: '/postern' }).href;
}

export async function query<Row extends object>(url: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

export function accepts(url: string): Promise<boolean> {
  return query(url, 'select 1').then(
    () => true,
    () => false,
  );
}
