/** Partitions come and go beside requests: no statement fails, none waits long, and no entry is lost. */
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { migrate } from '../../src/persistence/migrate.ts';
import { createTestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { openAuditApp } from '../support/people/audit-chain.ts';
import { idAt, insertEntry, partitionsOf } from '../support/people/partitions.ts';
import { until } from '../support/races/until.ts';

vi.setConfig({ testTimeout: 180_000 });

const day = 24 * 60 * 60;
const storedEntries = 200_000;
const writers = 4;

let database: TestDatabase | null = null;
afterEach(() => database?.drop());

/** Repeats the statement until it is stopped. @returns the duration of each, in milliseconds */
function repeat(url: string, next: () => { text: string; values?: unknown[] }): { stop(): Promise<number[]> } {
  let running = true;
  const work = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const durations: number[] = [];
    try {
      while (running) {
        const begun = performance.now();
        await client.query(next());
        durations.push(performance.now() - begun);
      }
      return durations;
    } finally {
      await client.end();
    }
  };
  const done = work();
  return {
    stop() {
      running = false;
      return done;
    },
  };
}

const insertText = `
  insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
  values ($1, now(), 'session.ended', 'SUCCESS', 'race', 'salt', sha256('salt[null,null,null]'), '{}')`;

test('a table of 200,000 entries is partitioned beside writers and readers', async () => {
  database = await createTestDatabase({ empty: true });
  const { url } = database;
  await migrate({ url, partitions: 'off' });
  await database.query(
    `insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
     select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), 'session.ended', 'SUCCESS', 'stored',
            'salt', sha256('salt[null,null,null]'), '{}'
     from generate_series(1, ${storedEntries}) n`,
  );
  const load = [
    ...Array.from({ length: writers }, () => repeat(url, () => ({ text: insertText, values: [idAt(new Date())] }))),
    repeat(url, () => ({ text: 'select * from audit_entries order by id desc limit 21' })),
    repeat(url, () => ({
      text: `select * from audit_entries where action = 'session.ended' order by id desc limit 21`,
    })),
  ];
  expect(await migrate({ url })).toEqual(['partitions of audit_entries', 'partitions of outbox_mails']);
  const durations = await Promise.all(load.map(({ stop }) => stop()));
  const written = durations.slice(0, writers).flat().length;
  expect(await database.query('select from audit_entries')).toHaveLength(storedEntries + written);
  expect(written).toBeGreaterThan(writers);
  expect(Math.max(...durations.flat())).toBeLessThan(1000);
});

test('months are dropped by two instances beside writers, sealers and verifications', async () => {
  database = await createTestDatabase();
  const { url } = database;
  const clock = createTestClock();
  const apps = [await openAuditApp(database, clock), await openAuditApp(database, clock)] as const;
  for (let month = 0; month < 3; month += 1) {
    await apps[0].write(3);
    await apps[0].sealAll();
    clock.travel(31 * day);
  }
  // The months lie in the past of the database, so that the first partitions are past retention.
  clock.travel(400 * day);
  const trail = database;
  const load = Array.from({ length: writers }, () =>
    repeat(url, () => ({ text: insertText.replace('now()', '$2'), values: [idAt(clock.now()), clock.now()] })),
  );
  const problems = new Set<string>();
  const verify = async () => {
    for (let round = 0; round < 15; round += 1) {
      for (const app of apps) problems.add((await app.integrity()).problem?.message ?? 'whole');
    }
  };
  const seal = async () => {
    for (let round = 0; round < 15; round += 1) await Promise.all(apps.map((app) => app.auditSealing.seal()));
  };
  const clean = () =>
    until('the drops', async () => {
      await Promise.all(apps.map((app) => app.cleanUpAlone().catch(() => null)));
      return !(await partitionsOf(trail, 'audit_entries')).includes('audit_entries_first');
    });
  await Promise.all([verify(), seal(), clean()]);
  const durations = (await Promise.all(load.map(({ stop }) => stop()))).flat();
  await insertEntry(database, clock.now());
  await apps[0].sealAll();
  problems.add((await apps[0].integrity()).problem?.message ?? 'whole');
  expect([...problems]).toEqual(['whole']);
  expect(Math.max(...durations)).toBeLessThan(1000);
  await Promise.all(apps.map((app) => app.close()));
});
