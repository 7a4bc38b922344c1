/** Tables of an earlier version become partitioned: with their rows, rights, triggers and indexes, and beside requests. */
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../src/persistence/migrate.ts';
import { planMigrations } from '../../src/persistence/migration-plan.ts';
import { createTestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { openAuditApp } from '../support/people/audit-chain.ts';
import { insertEntry, partitionsOf, placesOf } from '../support/people/partitions.ts';
import { until } from '../support/races/until.ts';

const both = ['partitions of audit_entries', 'partitions of outbox_mails'];

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  await migrate({ url: database.url, partitions: 'off' });
});
afterEach(() => database.drop());

/** A trail of four entries, verified. */
async function writeTrail(): Promise<void> {
  await withApp(async (app) => {
    await app.write(3);
    await app.sealAll();
  });
}

async function withApp<T>(work: (app: Awaited<ReturnType<typeof openAuditApp>>) => Promise<T>): Promise<T> {
  const app = await openAuditApp(database, createTestClock());
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

const problem = () => withApp(async (app) => (await app.integrity()).problem);
const count = async (table: string) => (await database.query(`select from ${table}`)).length;

test('PARTITIONS=off leaves the tables without partitions, and turning it on later partitions them once', async () => {
  expect(await partitionsOf(database, 'audit_entries')).toEqual([]);
  expect(await migrate({ url: database.url })).toEqual(both);
  expect((await partitionsOf(database, 'audit_entries')).length).toBeGreaterThan(4);
  expect(await migrate({ url: database.url })).toEqual([]);
});

test('the plan lists the partitioning with its locks and the rows that it checks, until it is done', async () => {
  await writeTrail();
  await database.query('analyze audit_entries');
  const plan = (partitions: boolean) => withApp((app) => planMigrations(app.dependencies().em, partitions));
  const stepsOn = (table: string, rows: number | null) => [
    { lock: 'SHARE UPDATE EXCLUSIVE', table, rows },
    { lock: 'ACCESS EXCLUSIVE', table, rows: null },
  ];
  expect(await plan(false)).toEqual([]);
  expect(await plan(true)).toEqual([
    { name: 'partitions of audit_entries', transactional: false, steps: stepsOn('audit_entries', 4) },
    // Never analysed: PostgreSQL has no estimate.
    { name: 'partitions of outbox_mails', transactional: false, steps: stepsOn('outbox_mails', null) },
  ]);
  await migrate({ url: database.url });
  expect(await plan(true)).toEqual([]);
});

test('a table with rows becomes the first partition, up to the third month from now, and its trail stays whole', async () => {
  await writeTrail();
  await migrate({ url: database.url });
  const { length: entries } = await database.query('select from audit_entries_first');
  expect(entries).toBe(4);
  const now = new Date();
  const at = (months: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
  const ids = [await insertEntry(database, new Date(at(3).getTime() - 1)), await insertEntry(database, at(3))];
  const next = `audit_entries_${at(3).toISOString().slice(0, 7).replace('-', '_')}`;
  expect(await placesOf(database, 'audit_entries', ids)).toEqual(['audit_entries_first', next]);
  expect(await problem()).toBeNull();
  await expect(database.query('delete from audit_entries')).rejects.toThrow(/append-only/);
  await expect(database.query('truncate audit_entries_first')).rejects.toThrow(/append-only/);
});

test('a table keeps its indexes, and none is built while it is locked', async () => {
  await writeTrail();
  const indexesOf = () =>
    database.query<{ oid: string }>(
      `select i.indexrelid as oid from pg_index i join pg_class c on c.oid = i.indrelid
       where c.relname in ('audit_entries', 'audit_entries_first') and c.relkind = 'r' order by 1`,
    );
  const before = await indexesOf();
  await migrate({ url: database.url });
  expect(await indexesOf()).toEqual(before);
});

test('other roles keep their rights on the table', async () => {
  const role = `reader_${database.url.slice(-12)}`;
  await database.query(`create role ${role}`).catch(() => undefined);
  const [made] = await database.query('select from pg_roles where rolname = $1', [role]);
  const grantee = made ? role : 'public';
  await database.query(`grant select, insert on audit_entries to ${grantee}`);
  await database.query(`grant update (ip_address) on audit_entries to ${grantee}`);
  const rights = () =>
    database.query(
      `select relacl::text as whole, (select array_agg(attname || attacl::text) from pg_attribute
       where attrelid = c.oid and attacl is not null) as columns from pg_class c where oid = 'audit_entries'::regclass`,
    );
  const before = await rights();
  await migrate({ url: database.url });
  expect(await rights()).toEqual(before);
  if (made) await database.query(`drop owned by ${role}; drop role ${role}`);
});

test('entries whose ids are past the range move to other partitions', async () => {
  await writeTrail();
  const now = Date.now();
  const ids = [
    await insertEntry(database, new Date(now), 'ffffffff-ffff-4fff-bfff-ffffffffffff'),
    await insertEntry(database, new Date(now + 400 * 24 * 60 * 60 * 1000)),
  ];
  await migrate({ url: database.url });
  expect(await placesOf(database, 'audit_entries', ids)).toEqual(['audit_entries_default', 'audit_entries_default']);
  expect(await count('audit_entries')).toBe(6);
  await withApp(async (app) => {
    await app.sealAll();
    expect((await app.integrity()).problem).toBeNull();
  });
});

test('a failure leaves a table that takes every id, and the next attempt succeeds', async () => {
  await writeTrail();
  await database.query('create table audit_entries_default ()');
  await expect(migrate({ url: database.url })).rejects.toThrow(/partitions of audit_entries failed/);
  expect(await partitionsOf(database, 'audit_entries')).toEqual([]);
  await insertEntry(database, new Date(), 'ffffffff-ffff-4fff-bfff-ffffffffffff');
  await database.query('drop table audit_entries_default');
  expect(await migrate({ url: database.url })).toEqual(both);
});

test('a request waits less than a second for the conversion, also while a transaction holds the table', async () => {
  await writeTrail();
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select from audit_entries');
    const migrating = migrate({ url: database.url });
    await until('the conversion waits', async () => {
      const waiting = `select from pg_locks where not granted and relation = 'audit_entries'::regclass`;
      return (await database.query(waiting)).length > 0;
    });
    const begun = performance.now();
    await insertEntry(database, new Date());
    expect(performance.now() - begun).toBeLessThan(1000);
    await holder.query('rollback');
    expect(await migrating).toEqual(both);
  } finally {
    await holder.end();
  }
  expect(await count('audit_entries')).toBe(5);
});

test('a verification that began before the conversion sees every entry', async () => {
  await writeTrail();
  const reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
  try {
    await reader.query('begin isolation level repeatable read');
    await reader.query('select from users');
    await migrate({ url: database.url });
    expect((await reader.query('select from audit_entries')).rowCount).toBe(4);
    await reader.query('commit');
  } finally {
    await reader.end();
  }
});

test('a running instance keeps using its prepared statements', async () => {
  await writeTrail();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const insert = () =>
    client.query({
      name: 'insert',
      text: `insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_hash, details)
             select id, occurred_at, action, outcome, request_id, personal_hash, details
             from jsonb_populate_record(null::audit_entries, $1) returning *`,
      values: [
        JSON.stringify({
          id: crypto.randomUUID(),
          occurred_at: new Date(),
          action: 'session.ended',
          outcome: 'SUCCESS',
          request_id: 'prepared',
          personal_hash: 'x',
          details: {},
        }),
      ],
    });
  try {
    for (let i = 0; i < 8; i += 1) await insert();
    await migrate({ url: database.url });
    for (let i = 0; i < 8; i += 1) expect((await insert()).rowCount).toBe(1);
  } finally {
    await client.end();
  }
});

test('an index of a later migration is made on every partition, without stopping writes', async () => {
  await migrate({ url: database.url });
  await writeTrail();
  await database.query(`delete from schema_migrations where name = '20261128070000-growth-indexes'`);
  const indexes = () =>
    database.query(
      `select count(*)::int as count, bool_and(indisvalid) as valid from pg_index
       where pg_get_indexdef(indexrelid) like '%audit_entries%(action, outcome, id)'`,
    );
  const before = await indexes();
  await database.query('drop index audit_entries_by_action_and_outcome');
  // As an attempt leaves it that failed in the middle.
  await database.query('create index audit_entries_by_action_and_outcome on only audit_entries (action, outcome, id)');
  expect(await migrate({ url: database.url })).toEqual(['20261128070000-growth-indexes']);
  expect(await indexes()).toEqual(before);
});
