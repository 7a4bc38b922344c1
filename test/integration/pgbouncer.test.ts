/** A gateway behind PgBouncer in its default configuration, in transaction mode and in session mode. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explain } from '../../src/cli/explain.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { registerUser, signIn, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { FullRefreshDocument, FullViewerDocument } from '../support/generated/graphql.ts';
import { type PgBouncer, startPgBouncer } from '../support/proxies/pgbouncer.ts';

describe.each([
  ['transaction', (direct: string) => ({ DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: direct })],
  ['session', () => ({})],
] as const)('in %s mode', (mode, settingsOf) => {
  let database: TestDatabase;
  let pooler: PgBouncer;
  let gateway: TestGateway;
  beforeAll(async () => {
    database = await createTestDatabase({ empty: true });
    pooler = await startPgBouncer(database.url, mode);
    gateway = await startTestGateway({
      DATABASE_URL: pooler.url,
      // Fewer than the parallel requests, so that they share connections.
      DATABASE_POOL_MAX: '6',
      ...settingsOf(database.url),
    });
  }, 120_000);
  afterAll(async () => {
    await gateway?.stop();
    await pooler?.stop();
    await database?.drop();
  });

  test('migrates, registers and signs in', { timeout: 120_000 }, async () => {
    const email = await registerUser(gateway);
    const { accessToken } = await signIn(gateway, email);
    const { viewer } = await gateway.send(FullViewerDocument, {}, accessToken);
    expect(viewer?.email).toBe(email);
    const answer = await fetch(`${gateway.url}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringMatching(/^database: ok/)]);
  });

  test('serves 30 sessions that refresh at once, repeatedly', { timeout: 120_000 }, async () => {
    let tokens: string[] = [];
    for (let user = 0; user < 6; user += 1) {
      const email = await registerUser(gateway);
      // One after the other: the test is about the pooler, not about the queue of password hashes.
      for (let session = 0; session < 5; session += 1) tokens.push((await signIn(gateway, email)).refreshToken);
    }
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(
        tokens.map((refreshToken) => gateway.send(FullRefreshDocument, { input: { refreshToken } })),
      );
      tokens = answers.map(({ refresh }) => refresh.refreshToken ?? '');
    }
    expect(new Set(tokens).size).toBe(30);
    expect(gateway.logs.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  test('refuses a startup parameter with one sentence', async () => {
    const error = await migrate({ url: `${pooler.url}?options=-c%20work_mem%3D8MB` }).catch((cause: unknown) => cause);
    expect(explain(error)).toMatch(/^the pooler refuses a startup parameter: .+PgBouncer$/);
  });
});

describe('behind three connections in transaction mode', { timeout: 120_000 }, () => {
  let database: TestDatabase;
  let pooler: PgBouncer;
  beforeAll(async () => {
    database = await createTestDatabase();
    pooler = await startPgBouncer(database.url, 'transaction', 3);
  }, 120_000);
  afterAll(async () => {
    await pooler?.stop();
    await database?.drop();
  });
  const start = (settings: Record<string, string> = {}) =>
    startTestGateway({
      DATABASE_URL: pooler.url,
      DATABASE_POOLER: 'transaction',
      DATABASE_DIRECT_URL: database.url,
      DATABASE_POOL_MAX: '8',
      ...settings,
    });

  test('eight connections of a gateway serve 400 requests at once', async () => {
    const gateway = await start();
    try {
      const email = await registerUser(gateway);
      const { accessToken } = await signIn(gateway, email);
      const viewers = await Promise.all(
        Array.from({ length: 400 }, () => gateway.send(FullViewerDocument, {}, accessToken)),
      );
      expect(viewers.every(({ viewer }) => viewer?.email === email)).toBe(true);
      expect(gateway.logs.filter((line) => /"level":50|already exists/.test(line))).toEqual([]);
    } finally {
      await gateway.stop();
    }
  });

  test('production starts only with the deadlines of the role, which the server then applies', async () => {
    const production = { NODE_ENV: 'production', ARGON2_PASSES: '5', SHUTDOWN_DELAY: '0s' };
    const refused = await start(production).then(
      () => '',
      (error: unknown) => explain(error),
    );
    expect(refused).toMatch(/lacks .*statement_timeout.*: run "alter role .*", then RECONNECT/);
    for (const statement of (/run "(.*)"/.exec(refused)?.[1] ?? '').split('; ')) await database.query(statement);
    await pooler.stop();
    pooler = await startPgBouncer(database.url, 'transaction', 3);
    const gateway = await start(production);
    const client = new pg.Client(pooler.url);
    await client.connect();
    try {
      const startedAt = performance.now();
      await expect(client.query('select pg_sleep(30)')).rejects.toMatchObject({ code: '57014' });
      expect(performance.now() - startedAt).toBeLessThan(7000);
    } finally {
      await client.end();
      await gateway.stop();
    }
  });
});
