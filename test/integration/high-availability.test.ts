/** The files of deploy/high-availability, read by the programs that they configure. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findOrFetch } from '../support/processes/debian-package.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

const run = promisify(execFile);
const source = resolve(import.meta.dirname, '../../deploy/high-availability');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-availability-'));
  await cp(source, folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('HAProxy', () => {
  const check = async (file: string) => {
    const { path, environment } = await findOrFetch({
      name: 'haproxy',
      commands: ['haproxy'],
      packages: ['haproxy'],
      paths: ['usr/sbin/haproxy'],
      parts: /^haproxy/,
      versionFlag: '-v',
      advice: 'the tests of high availability need HAProxy: install haproxy',
    });
    return run(path, ['-c', '-f', join(folder, file)], { env: environment });
  };

  test('accepts its file', { timeout: 240_000 }, async () => {
    await expect(check('haproxy.cfg')).resolves.toBeDefined();
  });

  test('rejects an unknown option of a server', { timeout: 240_000 }, async () => {
    const text = await readFile(join(folder, 'haproxy.cfg'), 'utf8');
    await writeFile(join(folder, 'wrong.cfg'), text.replace('shutdown-sessions', 'close-sessions'));
    await expect(check('wrong.cfg')).rejects.toThrow('close-sessions');
  });
});

test.each([
  ['redis.conf', []],
  ['sentinel.conf', ['--sentinel']],
])('Redis starts with %s', { timeout: 240_000 }, async (file, options) => {
  const { path, environment } = await findOrFetch({
    name: 'redis',
    commands: ['redis-server', 'valkey-server'],
    packages: ['redis-server', 'valkey-server'],
    paths: ['usr/bin/redis-server', 'usr/bin/valkey-server'],
    parts: /^(lua|redis|valkey)-/,
    versionFlag: '--version',
    advice: 'the tests of high availability need Redis: install redis-server',
  });
  const args = [join(folder, file), '--port', `${await freePort()}`, ...options];
  const child = spawn(path, args, { env: environment, cwd: folder });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  try {
    await until('Redis starts', () => {
      if (child.exitCode !== null) throw new Error(`Redis ended: ${output}`);
      return /Ready to accept connections|\+monitor master postern/.test(output);
    });
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
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
