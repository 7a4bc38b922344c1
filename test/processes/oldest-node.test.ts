/** The production steps of the README on the oldest Node.js of package.json, and the refusal of an older one. */
import { execFile } from 'node:child_process';
import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../src/version.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner, mainFile } from '../support/processes/processes.ts';
import { freePort } from '../support/servers/free-port.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
/** Kept between runs; `npm ci` removes it. */
const cache = join(root, 'node_modules/.cache/node-versions');
const runner = createProcessRunner();
afterEach(() => runner.clear());

/** Installs a Node.js from npm once. @returns the program */
async function installNode(release: string): Promise<string> {
  const folder = join(cache, release);
  const name = `node-${process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin/node');
  const isThere = await stat(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--no-audit', '--no-fund', `${name}@${release}`], { cwd: folder });
  return program;
}

describe('an older Node.js', () => {
  let old: string;
  beforeAll(async () => {
    old = await installNode('20.19.0');
  }, 120_000);

  test.each([[['--help']], [['--version']], [['serve']], [['schema']]])(
    'is refused at %j with one sentence and exit code 2',
    async (args) => {
      const refused = await run(old, [mainFile, ...args]).catch((error) => error);
      expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(
        /^postern: Node\.js 20\.19\.0 is not supported: install Node\.js 22\.17 or newer\..*\n$/,
      );
    },
  );
});

describe('the oldest supported Node.js', () => {
  let oldest: string;
  let folder: string;
  let database: TestDatabase;
  beforeAll(async () => {
    oldest = await installNode('22.17.0');
    database = await createTestDatabase();
    return () => database.drop();
  }, 120_000);

  test('serves with the production dependencies alone', { timeout: 180_000 }, async () => {
    folder = await runner.folder();
    for (const path of ['package.json', 'package-lock.json', 'dist', 'packages']) {
      await cp(join(root, path), join(folder, path), {
        recursive: true,
        filter: (file) => !file.includes('node_modules'),
      }).catch((error) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
    // The result of `npm ci && npm prune --omit=dev`, without the first full installation.
    const install = ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', install, { cwd: folder });
    const main = join(folder, 'dist/bundle/main.js');
    expect((await run(oldest, [main, '--version'])).stdout).toBe(`${version}\n`);

    const port = await freePort();
    const env = {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: 'https://auth.example.com',
      DATABASE_URL: database.url,
      SECRET: testSecret,
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'Postern <no-reply@example.com>',
      SHUTDOWN_DELAY: '0s',
    };
    const gateway = runner.start(['serve'], { cwd: folder, env, node: oldest, main });
    await gateway.says('"msg":"listening"');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect({ status: ready.status, text: await ready.text() }).toMatchObject({
      status: 200,
      text: expect.stringContaining(`version: ok (${version})`),
    });
    gateway.send('SIGTERM');
    expect(await gateway.endsWithin(30_000)).toMatchObject({ code: 0, stderr: '' });
  });
});
