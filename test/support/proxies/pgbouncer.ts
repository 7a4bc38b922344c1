/** A real PgBouncer in front of the PostgreSQL of the test run, with the file of deploy/high-availability. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { unprivileged } from '../../../src/development/embedded-postgres.ts';
import { findOrFetch } from '../processes/debian-package.ts';
import { pgbouncer } from '../processes/debian-programs.ts';
import { until } from '../races/until.ts';
import { freePort } from '../servers/free-port.ts';

const source = resolve(import.meta.dirname, '../../../deploy/high-availability/pgbouncer.ini');

export interface PgBouncer {
  /** The address of the database through the pooler. */
  url: string;
  stop(): Promise<void>;
}

/** @param databaseUrl the database behind it @param poolSize its connections to that database */
export async function startPgBouncer(
  databaseUrl: string,
  mode: 'session' | 'transaction',
  poolSize = 20,
): Promise<PgBouncer> {
  const { path, environment } = await findOrFetch(pgbouncer);
  const folder = await mkdtemp(join(tmpdir(), 'postern-pgbouncer-'));
  const port = await freePort();
  const target = new URL(databaseUrl);
  const file = (name: string) => join(folder, name);
  await writeFile(file('users'), `"${target.username}" "${target.password}"\n`);
  const changes = {
    'postern = host=127.0.0.1 port=5000 dbname=postern': `* = host=${target.hostname} port=${target.port}`,
    'listen_port = 6432': `listen_port = ${port}\nunix_socket_dir =`,
    '/etc/pgbouncer/userlist.txt': file('users'),
    'pool_mode = transaction': `pool_mode = ${mode}`,
    'default_pool_size = 20': `default_pool_size = ${poolSize}`,
  };
  const ini = Object.entries(changes).reduce(
    (text, [from, to]) => text.replace(from, to),
    await readFile(source, 'utf8'),
  );
  await writeFile(file('ini'), ini);
  const [program, args] = unprivileged(path, [file('ini')]);
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const ended = once(child, 'exit');
  const killOnExit = () => void child.kill('SIGINT');
  process.once('exit', killOnExit);
  const url = new URL(databaseUrl);
  url.port = String(port);
  await until('PgBouncer answers', async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`);
    const client = new pg.Client(url.href);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return {
    url: url.href,
    async stop() {
      process.off('exit', killOnExit);
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
