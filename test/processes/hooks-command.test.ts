/** `postern hooks check` calls each hook with a sample; it needs no database. A module that cannot be used stops the start. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hookPoints } from '../../src/domain/hooks/points.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner } from '../support/processes/processes.ts';
import { type HookServer, startHookServer } from '../support/servers/hook-server.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
let hooks: HookServer;
let folder: string;
beforeAll(async () => {
  hooks = await startHookServer();
  folder = await mkdtemp(join(tmpdir(), 'postern-hooks-'));
});
afterAll(async () => {
  await runner.clear();
  await hooks.stop();
  await rm(folder, { recursive: true, force: true });
});

const check = (env: Record<string, string>) => runner.run(['hooks', 'check'], { env: { SECRET: testSecret, ...env } });

async function moduleSettings(text: string): Promise<{ HOOKS: string }> {
  await writeFile(join(folder, 'policy.mjs'), text);
  const entry = { point: 'beforeSignIn', module: 'policy.mjs', onFailure: 'refuse' };
  await writeFile(join(folder, 'hooks.json'), JSON.stringify([entry]));
  return { HOOKS: join(folder, 'hooks.json') };
}

test('every hook gets a sample that is marked as such', async () => {
  const points = Object.fromEntries(hookPoints.map((point) => [point, {}]));
  const settings = { ...(await hooks.settings(points)), SMS_PROVIDER: 'hook', SMS_COUNTRIES: 'DE' };
  hooks.on('beforeSession', () => ({ body: { decision: 'refuse' } }));
  const { code, stdout } = await check(settings);
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(hookPoints.length);
  expect(stdout).toContain('ok    beforeSignIn     answers allow');
  expect(stdout).toContain('ok    beforeSession    answers refuse');
  expect(hookPoints.map((point) => hooks.callsOf(point).map(({ dryRun }) => dryRun))).toEqual(
    hookPoints.map(() => [true]),
  );
});

test('a hook that fails is named, and the command exits with 1', async () => {
  hooks.on('beforeInvite', () => ({ status: 500, body: '' }));
  const { code, stdout } = await check(await hooks.settings({ beforeSignIn: {}, beforeInvite: {} }));
  expect(code).toBe(1);
  expect(stdout).toContain('fail  beforeInvite     status 500');
});

test('a module is imported and called', async () => {
  const { code, stdout } = await check(
    await moduleSettings(`export default ({ dryRun }) => ({ decision: dryRun ? 'allow' : 'refuse' });`),
  );
  expect([code, stdout.trim()]).toEqual([0, 'ok    beforeSignIn     answers allow']);
});

test.each([
  ['without a function', 'export const decide = 1;', 'the module exports no function by default'],
  ['with an error', 'export default nothing here', 'the module cannot be imported'],
])('a module %s is wrong configuration', async (_, text, problem) => {
  const { code, stderr } = await check(await moduleSettings(text));
  expect(code).toBe(2);
  expect(stderr).toContain(`HOOKS: beforeSignIn: ${problem}`);
});
