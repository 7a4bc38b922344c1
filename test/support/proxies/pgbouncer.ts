/** A real PgBouncer in front of the PostgreSQL of the test run, with its default configuration except the pool mode. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { unprivileged } from '../../../src/development/embedded-postgres.ts';
import { findOrFetch } from '../processes/debian-package.ts';
import { until } from '../races/until.ts';
import { freePort } from '../servers/free-port.ts';

const pgbouncer = {
  name: 'pgbouncer',
  commands: ['pgbouncer'],
  packages: ['pgbouncer'],
  paths: ['usr/sbin/pgbouncer'],
  parts: /^pgbouncer/,
  versionFlag: '--version',
  advice: 'the tests of poolers need PgBouncer: install pgbouncer',
};

export interface PgBouncer {
  /** The address of the database through the pooler. */
  url: string;
  stop(): Promise<void>;
}

/** @param databaseUrl the database behind it */
export async function startPgBouncer(databaseUrl: string, mode: 'session' | 'transaction'): Promise<PgBouncer> {
  const { path, environment } = await findOrFetch(pgbouncer);
  const folder = await mkdtemp(join(tmpdir(), 'postern-pgbouncer-'));
  const port = await freePort();
  const target = new URL(databaseUrl);
  const file = (name: string) => join(folder, name);
  await writeFile(file('users'), `"${target.username}" "${target.password}"\n`);
  await writeFile(
    file('ini'),
    `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_file = ${file('users')}
pool_mode = ${mode}
`,
  );
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
