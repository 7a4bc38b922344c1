/** Sealing during writes and other sealers: every entry is sealed once, and none that commits late is skipped. */
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hashPersonal } from '../../src/security/keys/personal-hash.ts';
import { createTestClock, type TestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';
import { until } from '../support/races/until.ts';

let database: TestDatabase;
let clock: TestClock;
let apps: [AuditApp, AuditApp];
beforeAll(async () => {
  database = await createTestDatabase();
  clock = createTestClock();
  apps = [await openAuditApp(database, clock), await openAuditApp(database, clock)];
});
afterAll(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

/** Connections that insert entries beside the two gateways, each in its own transaction. */
let writers: pg.Client[] = [];
beforeEach(async () => {
  writers = Array.from({ length: 3 }, () => new pg.Client(database.url));
  await Promise.all(writers.map((writer) => writer.connect()));
});
afterEach(() => Promise.all(writers.map((writer) => writer.end())));

/** @returns the id of the entry */
async function insertBy(writer: pg.Client | TestDatabase): Promise<string> {
  const { now } = clock;
  const { salt, hash } = hashPersonal([null, null, null]);
  const statement = `insert into audit_entries
      (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
    values (gen_random_uuid(), $1, 'session.ended', 'SUCCESS', 'race', $2, $3, '{}') returning id`;
  const values = [now(), salt, hash];
  const result =
    writer instanceof pg.Client
      ? await writer.query(statement, values)
      : { rows: await database.query<{ id: string }>(statement, values) };
  return result.rows[0].id;
}

async function unsealed(): Promise<string[]> {
  const rows = await database.query<{ id: string }>(
    'select id from audit_entries e where not exists (select from audit_seals s where s.entry_id = e.id)',
  );
  return rows.map(({ id }) => id);
}

/** Other tests use the same server, so its horizon depends on their transactions as well. */
function everythingIsSealed(): Promise<boolean> {
  return until('the last seal', async () => {
    await apps[0].auditSealing.seal();
    return (await unsealed()).length === 0;
  });
}

async function expectWhole(): Promise<void> {
  const { problem, checked } = await apps[0].integrity();
  expect(problem).toBeNull();
  const [row] = await database.query<{ entries: number; seals: number }>(
    'select (select count(*)::int from audit_entries) as entries, (select count(*)::int from audit_seals) as seals',
  );
  expect(row).toEqual({ entries: checked, seals: checked });
}

test('an entry that commits after later entries were sealed is not skipped', async () => {
  const [early, middle, late] = writers;
  if (!early || !middle || !late) throw new Error('three write');
  await everythingIsSealed();
  for (let round = 0; round < 5; round += 1) {
    const ids: string[] = [];
    for (const writer of [early, middle, late]) {
      await writer.query('begin');
      ids.push(await insertBy(writer));
    }
    // They commit in another order than they began, with sealing after each.
    for (const writer of [late, early, middle]) {
      await writer.query('commit');
      await Promise.all(apps.map((app) => app.auditSealing.seal()));
    }
    await everythingIsSealed();
    const sealed = await database.query<{ id: string }>(
      'select entry_id as id from audit_seals where entry_id::text = any($1) order by seq',
      [ids],
    );
    expect(sealed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  }
  await expectWhole();
});

test('a rolled-back entry leaves no gap', async () => {
  const [writer] = writers;
  if (!writer) throw new Error('one writes');
  await writer.query('begin');
  await insertBy(writer);
  await insertBy(database);
  await apps[0].auditSealing.seal();
  await writer.query('rollback');
  await everythingIsSealed();
  await expectWhole();
});

test('two sealers during many writes seal every entry once and in one chain', async () => {
  let writing = true;
  const write = async (writer: pg.Client, serial: number) => {
    for (let i = 0; i < 60; i += 1) {
      await writer.query('begin');
      for (let entry = 0; entry <= (i + serial) % 4; entry += 1) await insertBy(writer);
      // Some take longer, so that they commit after others that began later.
      if (i % 7 === serial) await writer.query('select pg_sleep(0.03)');
      await writer.query(i % 11 === 0 ? 'rollback' : 'commit');
    }
  };
  const sealing = apps.map(async (app) => {
    while (writing) await app.auditSealing.seal();
  });
  await Promise.all(writers.map(write));
  writing = false;
  await Promise.all(sealing);
  await everythingIsSealed();
  await expectWhole();
});

test('two sealers of an unsealed trail create one key and one chain', async () => {
  const fresh = await createTestDatabase();
  const [a, b] = [await openAuditApp(fresh, clock), await openAuditApp(fresh, clock)];
  const { salt, hash } = hashPersonal([null, null, null]);
  // The first 600 are unsealed, as from a version without seals.
  await fresh.query(
    `insert into audit_entries
       (inserted_by, id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
     select case when n > 600 then pg_current_xact_id() end, gen_random_uuid(), now(), 'session.ended', 'SUCCESS',
            'race', $1, $2, '{}'
     from generate_series(1, 1200) n`,
    [salt, hash],
  );
  await Promise.all([a.auditSealing.seal(), b.auditSealing.seal(), a.auditSealing.seal(), b.auditSealing.seal()]);
  await until('the last seal', async () => (await b.auditSealing.seal()) === 0 && (await b.integrity()).waiting === 0);
  expect(await fresh.query('select from audit_keys')).toHaveLength(1);
  expect(await b.integrity()).toMatchObject({ problem: null, checked: 1201 });
  await Promise.all([a.close(), b.close()]);
  await fresh.drop();
});

test('a sealer killed while sealing leaves no partial seal', async () => {
  const fresh = await createTestDatabase();
  const first = await openAuditApp(fresh, clock);
  await first.write(3);
  await fresh.query(`create function fail() returns trigger language plpgsql as $$ begin raise exception 'gone'; end $$;
    create trigger failing before insert on audit_checkpoints for each row execute function fail()`);
  await expect(first.auditSealing.seal()).rejects.toThrow();
  expect(await fresh.query('select from audit_seals')).toEqual([]);
  expect(await fresh.query('select from audit_keys')).toEqual([]);
  await fresh.query('drop trigger failing on audit_checkpoints');
  // The same process again, and another one: the key of the rolled-back transaction signs nothing.
  await first.auditSealing.seal();
  const second = await openAuditApp(fresh, clock);
  await second.write(1);
  await second.auditSealing.seal();
  expect((await second.integrity()).problem).toBeNull();
  await Promise.all([first.close(), second.close()]);
  await fresh.drop();
});

test('a dump restored on another server is sealed further, whatever its transaction numbers', async () => {
  const fresh = await createTestDatabase();
  const app = await openAuditApp(fresh, clock);
  await app.write(2);
  await app.auditSealing.seal();
  // As from a server with higher transaction numbers: its horizon is beyond every transaction of this one.
  await fresh.query('alter table audit_checkpoints disable trigger user');
  await fresh.query(`update audit_checkpoints set horizon = '999999999999', cluster_id = '1'`);
  await fresh.query('alter table audit_checkpoints enable trigger user');
  await fresh.query('alter table audit_entries disable trigger user');
  await fresh.query(`update audit_entries set inserted_by = '999999999000'`);
  await fresh.query('alter table audit_entries enable trigger user');
  await app.write(2);
  await until(
    'the last seal',
    async () => (await app.auditSealing.seal()) === 0 && (await app.integrity()).checked === 5,
  );
  await app.write(1);
  await until('the seal of the newest', async () => {
    await app.auditSealing.seal();
    return (await app.integrity()).checked === 6;
  });
  expect((await app.integrity()).problem).toBeNull();
  await app.close();
  await fresh.drop();
});
