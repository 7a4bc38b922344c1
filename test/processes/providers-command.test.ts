/** `postern providers list` and `postern providers test`. They need no database. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { testSecret } from '../support/gateway/gateway.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { createProcessRunner } from '../support/processes/processes.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';
import { freePort } from '../support/servers/free-port.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
let provider: FakeProvider;
let file: ProvidersFile;
beforeAll(async () => {
  provider = await startFakeProvider();
  const common = { kind: 'OIDC', displayName: 'Example', clientId: 'id', clientSecret: 'client-secret' };
  file = await writeProviders([
    { ...common, slug: 'good', issuer: provider.url },
    { ...common, slug: 'dead', issuer: `http://127.0.0.1:${await freePort()}` },
  ]);
});
afterAll(async () => {
  await runner.clear();
  await file.remove();
  await provider.stop();
});

const postern = (...args: string[]) =>
  runner.run(args, {
    env: { SECRET: testSecret, FEDERATED_PROVIDERS: file.path, PUBLIC_URL: 'https://auth.example.com' },
  });

test('providers list shows every provider with its callback, and no secret', async () => {
  const { code, stdout, stderr } = await postern('providers', 'list');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')[0]).toBe('good  OIDC  Example  https://auth.example.com/auth/callback/good');
  expect(stdout).not.toContain('client-secret');
});

test('providers test exits with 0 for a provider that answers, and with 1 and the reason for others', async () => {
  expect(await postern('providers', 'test', 'good')).toMatchObject({ code: 0, stderr: '' });
  const dead = await postern('providers', 'test', 'dead');
  expect(dead).toMatchObject({ code: 1, stdout: '' });
  expect(dead.stderr).toMatch(/^postern: dead: the call failed \(ECONNREFUSED\)/);
  expect(await postern('providers', 'test', 'unknown')).toMatchObject({ code: 1 });
});
