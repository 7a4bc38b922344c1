/** `postern gateway` as a process: what it says without its packages, and with wrong settings. */
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createProcessRunner, mainFile } from '../support/processes/processes.ts';

const root = resolve(import.meta.dirname, '../..');
const secret = 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';
const env = { ROUTER_SECRET: secret, PUBLIC_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'silent' };

const runner = createProcessRunner();
afterEach(() => runner.clear());

/** The server as npm installs it, without optional packages. @param others packages beside it */
async function installation(others: readonly string[] = []): Promise<string> {
  const folder = await runner.folder();
  const home = join(folder, 'node_modules/postern');
  await cp(dirname(mainFile), join(home, 'dist/bundle'), { recursive: true });
  await cp(join(root, 'package.json'), join(home, 'package.json'));
  for (const name of ['argon2', 'bcrypt', ...others]) {
    const place = join(folder, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(root, 'node_modules', name), place);
  }
  await writeFile(join(folder, 'supergraph.graphql'), 'type Query { a: Int }');
  return folder;
}

test('without its packages it ends with code 2, and says what to install', { timeout: 60_000 }, async () => {
  const cwd = await installation();
  const main = join(cwd, 'node_modules/postern/dist/bundle/main.js');
  const result = await runner.run(['gateway', '--supergraph', 'supergraph.graphql'], { cwd, env, main });
  expect(result).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('npm install @postern/gateway') });
  expect(result.stderr).toContain('@graphql-hive/gateway-runtime');
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
});

test('with wrong settings it ends with code 2, and names each', async () => {
  const { code, stderr } = await runner.run(['gateway', '--port', 'x'], { env: { GATEWAY_MAX_DEPTH: '0' } });
  expect(code).toBe(2);
  for (const name of ['SUPERGRAPH', 'ROUTER_SECRET', 'GATEWAY_PORT', 'GATEWAY_MAX_DEPTH'])
    expect(stderr).toContain(`  ${name}: `);
});
