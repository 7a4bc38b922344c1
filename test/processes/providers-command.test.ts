/** `postern providers list` and `postern providers test`, of the file and of the database. The file needs no database. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { providerIdOf } from '../../src/domain/identities/provider-entry.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { type ProvidersFile, writeProviders } from '../support/people/federated.ts';
import { createProcessRunner } from '../support/processes/processes.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';
import { freePort } from '../support/servers/free-port.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
let provider: FakeProvider;
let file: ProvidersFile;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
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
  await database.drop();
  await provider.stop();
});

const postern = (args: string[], env: Record<string, string> = {}) =>
  runner.run(['providers', ...args], {
    env: { SECRET: testSecret, FEDERATED_PROVIDERS: file.path, PUBLIC_URL: 'https://auth.example.com', ...env },
  });

test('providers list shows every provider with its callback, and no secret', async () => {
  const { code, stdout, stderr } = await postern(['list']);
  expect(code).toBe(0);
  expect(stdout.split('\n')[0]).toBe('good  OIDC  Example  https://auth.example.com/auth/callback/good');
  expect(stdout).not.toContain('client-secret');
  expect(stderr).toContain('The providers of the database are not shown');
});

test('both commands know the providers of the database', async () => {
  await database.query(
    `insert into federated_providers (id, slug, kind, display_name, issuer, client_id, settings, enabled, position,
       created_at, updated_at)
     values ($1, 'stored', 'OIDC', 'Stored', $2, 'id', $3, false, 1, now(), now())`,
    [providerIdOf('stored'), `http://127.0.0.1:${await freePort()}`, { endpoints: null, appleKey: null, scopes: [] }],
  );
  const env = { DATABASE_URL: database.url };
  const listed = await postern(['list'], env);
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout).toContain('\nstored  OIDC  Stored  https://auth.example.com/auth/callback/stored  disabled\n');
  const tested = await postern(['test', 'stored'], env);
  expect(tested).toMatchObject({ code: 1, stderr: expect.stringContaining('stored: the call failed (ECONNREFUSED)') });
  const unknown = await postern(['test', 'unknown'], env);
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('Provider not found') });
});

test('providers test exits with 0 for a provider that answers, and with 1 and the reason for others', async () => {
  expect(await postern(['test', 'good'])).toMatchObject({ code: 0, stderr: '' });
  const dead = await postern(['test', 'dead']);
  expect(dead).toMatchObject({ code: 1, stdout: '' });
  expect(dead.stderr).toMatch(/^postern: dead: the call failed \(ECONNREFUSED\)/);
  expect(await postern(['test', 'unknown'])).toMatchObject({ code: 1 });
});
