/** The files of deploy/high-availability, read by the programs that they configure (that of PgBouncer: pgbouncer.test.ts). */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { type Executable, findOrFetch, type Wanted } from '../support/processes/debian-package.ts';
import { etcd, haproxy, nginx, patroni, promtool, redis } from '../support/processes/debian-programs.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

// The first run on a machine downloads the programs.
vi.setConfig({ testTimeout: 240_000 });
const run = promisify(execFile);
const source = resolve(import.meta.dirname, '../../deploy/high-availability');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-availability-'));
  await cp(source, folder, { recursive: true });
  await cp(join(source, '../observability'), join(folder, 'observability'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = (file: string) => readFile(join(folder, file), 'utf8');

/** Writes a file of the folder with changes. @returns its path */
async function changed(file: string, changes: readonly (readonly [string | RegExp, string])[]): Promise<string> {
  const text = changes.reduce((before, [from, to]) => before.replaceAll(from, to), await read(file));
  const path = join(folder, `changed-${file}`);
  await writeFile(path, text);
  return path;
}

/** The addresses of other machines, which are names in the files, replaced by this one. */
const onThisMachine = [[/\bgateway\d\b/g, '127.0.0.1'] as const];

interface Checked {
  file: string;
  program: Wanted;
  /** Makes the program check the file and exit. */
  args: (path: string) => string[];
  /** What this machine lacks or has elsewhere. */
  changes: readonly (readonly [string | RegExp, string])[];
  mistake: readonly [string, string];
}

const checked: Checked[] = [
  {
    file: 'haproxy.cfg',
    program: haproxy,
    args: (path) => ['-c', '-f', path],
    changes: [],
    mistake: ['shutdown-sessions', 'close-sessions'],
  },
  {
    file: 'nginx.conf',
    program: nginx,
    args: (path) => ['-t', '-e', 'stderr', '-p', folder, '-g', 'pid nginx.pid;', '-c', path],
    changes: [...onThisMachine, ['http {', `http { ${temporaryPaths()}`], ['user www-data;', '']],
    mistake: ['max_fails=0', 'max_failures=0'],
  },
  {
    file: 'patroni.yml',
    program: patroni,
    args: (path) => ['--validate-config', path],
    changes: [[/.*bin_dir.*\n/g, '']],
    mistake: ['ttl: 20', 'ttl: soon'],
  },
  {
    file: 'prometheus.yml',
    program: promtool,
    args: (path) => ['check', 'config', path],
    changes: [],
    mistake: ['scrape_interval', 'scrape_intervall'],
  },
];

function temporaryPaths(): string {
  return ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${kind};`).join(' ');
}

test.each(checked)(
  '$file is valid, and a mistake in it is found',
  async ({ file, program, args, changes, mistake }) => {
    const { path, environment } = await findOrFetch(program);
    const check = async (...more: Checked['mistake'][]) =>
      run(path, args(await changed(file, [...changes, ...more])), { env: environment });
    await expect(check()).resolves.toBeDefined();
    await expect(check(mistake)).rejects.toThrow();
  },
);

/** Starts a program of the folder, and ends it when its output matches. */
async function startUntil({ path, environment }: Executable, args: string[], output: RegExp): Promise<void> {
  const child = spawn(path, args, { env: environment, cwd: folder });
  const ended = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  }
  try {
    await until(`output of ${path}`, () => {
      if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
      return output.test(said);
    });
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

test.each([
  ['redis.conf', [], /Ready to accept connections/],
  ['sentinel.conf', ['--sentinel'], /\+monitor master postern/],
] as const)('Redis starts with %s', async (file, options, output) => {
  const args = [join(folder, file), '--port', `${await freePort()}`, ...options];
  await startUntil(await findOrFetch(redis), args, output);
});

test('etcd starts with etcd.env and serves clients', async () => {
  const { path, environment } = await findOrFetch(etcd);
  const [peers, clients] = [await freePort(), await freePort()];
  const settings = parseEnv(await read('etcd.env'));
  const local = {
    ETCD_LISTEN_PEER_URLS: `http://127.0.0.1:${peers}`,
    ETCD_LISTEN_CLIENT_URLS: `http://127.0.0.1:${clients}`,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://127.0.0.1:${peers}`,
    ETCD_ADVERTISE_CLIENT_URLS: `http://127.0.0.1:${clients}`,
    ETCD_INITIAL_CLUSTER: `${settings.ETCD_NAME}=http://127.0.0.1:${peers}`,
    ETCD_DATA_DIR: join(folder, 'etcd'),
  };
  const env = { ...environment, ...settings, ...local };
  await startUntil({ path, environment: env }, [], /ready to serve client requests/);
});

test('Patroni loses no acknowledged write and survives the loss of etcd', async () => {
  const { bootstrap } = parse(await readFile(join(folder, 'patroni.yml'), 'utf8'));
  expect(bootstrap.dcs).toMatchObject({
    ttl: 20,
    loop_wait: 5,
    retry_timeout: 5,
    synchronous_mode: true,
    failsafe_mode: true,
  });
});
