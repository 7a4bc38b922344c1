/** Audit entries and mails in partitions: where a row goes, and how partitions come and go without a loss. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportTrail } from '../../src/domain/audit/export.ts';
import { checkExport } from '../../src/domain/audit/export-check.ts';
import { createTestClock, type TestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';
import { idAt, insertEntry, insertMail, partitionsOf, placesOf } from '../support/people/partitions.ts';
import { until } from '../support/races/until.ts';

const day = 24 * 60 * 60;
const hour = 60 * 60;

let database: TestDatabase;
let clock: TestClock;
let app: AuditApp;
beforeEach(async () => {
  database = await createTestDatabase();
  // In the middle of a month and of a week, which the partitions of the template cover.
  clock = createTestClock(thisMonth(14));
  app = await openAuditApp(database, clock);
});
afterEach(async () => {
  await app.close();
  await database.drop();
});

/** @param days after the first of this month */
function thisMonth(days: number): Date {
  const now = new Date();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1 + days));
}

function monthLater(months: number, seconds = 0): Date {
  const first = thisMonth(0);
  return new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + months, 1) + seconds * 1000);
}

const monthName = (time: Date) => `audit_entries_${time.toISOString().slice(0, 7).replace('-', '_')}`;

function travelTo(time: Date): void {
  clock.travel((time.getTime() - clock.now().getTime()) / 1000);
}

async function trailProblem(): Promise<string | null> {
  return (await app.integrity()).problem?.message ?? null;
}

async function exportProblem(): Promise<string | null> {
  const lines = async function* () {
    for await (const text of exportTrail(app.dependencies().em, null)) yield* text.trimEnd().split('\n');
  };
  return (await checkExport(lines(), { keyring: null, kept: null })).problem?.message ?? null;
}

async function entryCount(): Promise<number> {
  return (await database.query('select from audit_entries')).length;
}

describe('a row', () => {
  test('goes to the partition of the time in its id, to the millisecond', async () => {
    const next = monthLater(1);
    const ids = [
      await insertEntry(database, new Date(next.getTime() - 1)),
      await insertEntry(database, next),
      await insertEntry(database, new Date(clock.now().getTime() + 2 * hour * 1000)),
      await insertEntry(database, new Date('2000-02-29T12:00:00Z')),
      await insertEntry(database, clock.now(), 'ffffffff-ffff-4fff-bfff-ffffffffffff'),
    ];
    expect(await placesOf(database, 'audit_entries', ids)).toEqual([
      monthName(thisMonth(0)),
      monthName(next),
      monthName(thisMonth(0)),
      'audit_entries_first',
      'audit_entries_default',
    ]);
  });

  test('that the gateway writes has an id of the time of the gateway', async () => {
    travelTo(monthLater(1, hour));
    await app.write(1);
    const rows = await database.query<{ place: string }>(
      `select distinct tableoid::regclass::text as place from audit_entries`,
    );
    expect(rows).toEqual([{ place: monthName(monthLater(1)) }]);
  });
});

describe('clean-up creates', () => {
  test('the partitions of this month and of three further ones', async () => {
    travelTo(monthLater(2));
    expect(await app.cleanUpAlone()).toMatchObject({ partitions: expect.any(Number) });
    const names = [0, 1, 2, 3, 4, 5].map((months) => monthName(monthLater(months)));
    expect(await partitionsOf(database, 'audit_entries')).toEqual(expect.arrayContaining(names));
    expect(await app.cleanUpAlone()).toMatchObject({ partitions: 0 });
  });

  test('a partition that was missing, with the rows of its time in it', async () => {
    travelTo(monthLater(12));
    const id = await insertEntry(database, clock.now());
    expect(await placesOf(database, 'audit_entries', [id])).toEqual(['audit_entries_default']);
    await app.sealAll();
    await app.cleanUpAlone();
    expect(await placesOf(database, 'audit_entries', [id])).toEqual([monthName(clock.now())]);
    expect(await trailProblem()).toBeNull();
  });

  test('no partition while too many rows of its time are in the default one', async () => {
    travelTo(monthLater(12));
    await database.query(
      `insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
       select overlay(gen_random_uuid()::text placing $1 from 1 for 13)::uuid, $2, 'session.ended', 'SUCCESS', 'many', 'salt', sha256('x'), '{}'
       from generate_series(1, 10001)`,
      [idAt(clock.now()).slice(0, 13), clock.now()],
    );
    await app.cleanUpAlone();
    const names = await partitionsOf(database, 'audit_entries');
    expect(names).not.toContain(monthName(monthLater(12)));
    expect(names).toContain(monthName(monthLater(13)));
  });

  test('each partition with the indexes and the triggers of the whole table', async () => {
    travelTo(monthLater(6));
    await app.cleanUpAlone();
    const kinds = (name: string) =>
      database.query(
        `select (select count(*)::int from pg_index where indrelid = $1::regclass) as indexes,
                (select array_agg(tgname::text order by tgname) from pg_trigger where tgrelid = $1::regclass and tgenabled = 'O') as triggers`,
        [name],
      );
    const [whole] = await kinds('audit_entries');
    for (const name of await partitionsOf(database, 'audit_entries')) expect(await kinds(name)).toEqual([whole]);
  });
});

describe('a partition', () => {
  test.each(['truncate', 'delete from'])('refuses "%s"', async (verb) => {
    await app.write(1);
    await expect(database.query(`${verb} ${monthName(thisMonth(0))}`)).rejects.toThrow(/append-only/);
  });

  test.each(['purge_only', 'retention_only', 'append_only_truncate'])(
    'without its trigger %s is reported by the verification',
    async (trigger) => {
      const name = monthName(thisMonth(0));
      await database.query(`alter table ${name} disable trigger ${trigger}`);
      expect(await trailProblem()).toContain(`${name}.${trigger}`);
    },
  );

  test('that an attacker drops is reported as a loss', async () => {
    await app.write(2);
    await app.sealAll();
    await database.query(`drop table ${monthName(thisMonth(0))}`);
    expect((await app.integrity()).problem).toMatchObject({ kind: 'MISSING', sequence: 1 });
  });
});

describe('retention of entries', () => {
  /** Three entries in each of two months, sealed within minutes. */
  async function twoMonths(): Promise<void> {
    for (const start of [thisMonth(14), monthLater(1, 14 * day)]) {
      travelTo(start);
      for (let batch = 0; batch < 3; batch += 1) {
        await app.write(1);
        await app.sealAll();
        clock.travel(hour);
      }
    }
  }
  const first = () => monthName(thisMonth(0));

  test('keeps a month until its last entry is past retention', async () => {
    await twoMonths();
    travelTo(monthLater(1, 365 * day - hour));
    expect(await app.auditSealing.removeOutdated()).toBe(0);
    expect(await partitionsOf(database, 'audit_entries')).toContain(first());
  });

  test('drops the whole month, and the rest of the trail is whole', async () => {
    await twoMonths();
    const before = await entryCount();
    const [inside] = await database.query<{ count: number }>(`select count(*)::int as count from ${first()}`);
    travelTo(monthLater(1, 365 * day));
    expect(await app.auditSealing.removeOutdated()).toBe(inside?.count);
    expect(await partitionsOf(database, 'audit_entries')).not.toContain(first());
    expect(await entryCount()).toBe(before - (inside?.count ?? 0));
    expect([await trailProblem(), await exportProblem()]).toEqual([null, null]);
    // The seals of removed entries are gone, and the first of the rest follows the anchor.
    const [ends] = await database.query<{ gap: number; seals: number }>(
      `select (min(s.seq) - max(a.seq))::int as gap, count(*)::int as seals from audit_seals s, audit_anchors a`,
    );
    expect(ends).toEqual({ gap: 1, seals: await entryCount() });
    expect((await app.integrity({ newest: 100 })).problem).toBeNull();
  });

  test('leaves an anchor: an entry that is inserted with a seal before it is reported', async () => {
    await twoMonths();
    travelTo(monthLater(1, 365 * day));
    await app.auditSealing.removeOutdated();
    const entryId = await insertEntry(database, monthLater(1, 14 * day));
    const text = `insert into audit_seals (seq, entry_id, hash) values (1, $1, sha256('forged'))`;
    await database.query(text, [entryId]);
    expect((await app.integrity()).problem).toMatchObject({ kind: 'INSERTED', entryId });
    expect((await app.integrity({ newest: 1 })).problem).toMatchObject({ kind: 'INSERTED', entryId });
  });

  test('removes an entry of the next month that was sealed before the last one of the dropped month', async () => {
    travelTo(monthLater(1, -1));
    const writer = new pg.Client(database.url);
    await writer.connect();
    try {
      await app.write(1);
      await app.sealAll();
      // Its transaction writes a late id first, and an id of the old month last.
      await writer.query('begin');
      for (const time of [monthLater(1, 1), monthLater(1, -1)]) await insertEntry(connected(writer), time);
      await writer.query('commit');
    } finally {
      await writer.end();
    }
    // A checkpoint between them: the chain orders by transaction, then by id, so a second transaction follows.
    await app.sealAll();
    await insertEntry(database, monthLater(1, 2));
    await app.sealAll();
    await insertEntry(database, monthLater(1, -1));
    await app.sealAll();
    clock.travel(day);
    await app.write(1);
    await app.sealAll();
    travelTo(monthLater(1, 365 * day + hour));
    const left = await entryCount();
    const removed = await app.auditSealing.removeOutdated();
    expect(await partitionsOf(database, 'audit_entries')).not.toContain(first());
    expect(await entryCount()).toBe(left - removed);
    expect([await trailProblem(), await exportProblem()]).toEqual([null, null]);
    const early = await database.query('select from audit_entries where occurred_at < $1', [monthLater(1, 3)]);
    expect(early).toEqual([]);
  });

  test('keeps a month with an entry that was sealed later than retention', async () => {
    await twoMonths();
    travelTo(monthLater(2));
    await insertEntry(database, thisMonth(15));
    await app.sealAll();
    await app.write(1);
    await app.sealAll();
    travelTo(monthLater(1, 365 * day));
    expect(await app.auditSealing.removeOutdated()).toBe(0);
    expect(await partitionsOf(database, 'audit_entries')).toContain(first());
    // Once that seal is past retention, both months go.
    travelTo(monthLater(2, 366 * day));
    expect(await app.auditSealing.removeOutdated()).toBeGreaterThan(0);
    expect(await partitionsOf(database, 'audit_entries')).not.toContain(first());
  });

  test('waits for a verification that is reading, which sees every entry', async () => {
    await twoMonths();
    travelTo(monthLater(1, 365 * day));
    const reader = new pg.Client(database.url);
    await reader.connect();
    try {
      await reader.query('begin');
      await reader.query('select count(*) from audit_entries');
      await expect(app.auditSealing.removeOutdated()).rejects.toThrow(/lock timeout/);
      expect(await partitionsOf(database, 'audit_entries')).toContain(first());
      expect(await database.query('select from audit_anchors')).toEqual([]);
      await reader.query('commit');
    } finally {
      await reader.end();
    }
    expect(await app.auditSealing.removeOutdated()).toBeGreaterThan(0);
    expect(await trailProblem()).toBeNull();
  });

  test('cannot drop a month between the first read of a verification and the next', async () => {
    await twoMonths();
    const holder = new pg.Client(database.url);
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table audit_checkpoints in access exclusive mode');
      const verifying = trailProblem();
      // Its snapshot is taken with its first read, which waits here.
      await until('the first read', async () => {
        const waiting = await database.query(
          `select from pg_locks w join pg_locks h using (pid)
           where w.relation = 'audit_checkpoints'::regclass and not w.granted
             and h.relation = 'audit_entries'::regclass and h.granted`,
        );
        return waiting.length > 0;
      });
      await holder.query('commit');
      expect(await verifying).toBeNull();
    } finally {
      await holder.end();
    }
  });

  test('during an export makes it fail with advice, not with a missing entry', async () => {
    await twoMonths();
    travelTo(monthLater(1, 365 * day));
    const lines = exportTrail(app.dependencies().em, null);
    await lines.next();
    await app.auditSealing.removeOutdated();
    await expect(lines.next()).rejects.toThrow(/start the export again/);
  });

  test('drops the first partition, and deletes from it one by one before', async () => {
    travelTo(new Date(thisMonth(0).getTime() - 40 * day * 1000));
    await app.write(3);
    await app.sealAll();
    travelTo(thisMonth(3));
    await app.write(1);
    await app.sealAll();
    clock.travel(330 * day);
    // The key and the three users.
    expect(await app.auditSealing.removeOutdated()).toBe(4);
    expect(await partitionsOf(database, 'audit_entries')).toContain('audit_entries_first');
    travelTo(thisMonth(365.5));
    expect(await app.auditSealing.removeOutdated()).toBe(0);
    expect(await partitionsOf(database, 'audit_entries')).not.toContain('audit_entries_first');
    expect(await trailProblem()).toBeNull();
  });

  test('with PARTITIONS=off deletes one by one and keeps the partitions', async () => {
    await twoMonths();
    const plain = await openAuditApp(database, clock, { PARTITIONS: 'off' });
    travelTo(thisMonth(365 + 20));
    try {
      expect(await plain.auditSealing.removeOutdated()).toBeGreaterThan(0);
    } finally {
      await plain.close();
    }
    expect(await partitionsOf(database, 'audit_entries')).toContain(first());
    expect(await database.query(`select from ${first()}`)).toEqual([]);
    expect(await trailProblem()).toBeNull();
  });
});

/** So that an entry is inserted in the transaction of a connection. */
function connected(client: pg.Client): TestDatabase {
  return {
    ...database,
    query: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await client.query<Row>(text, values)).rows,
  };
}

describe('retention of mails', () => {
  // The Tuesday of the next week, which has a partition of its own.
  beforeEach(() => {
    const toSunday = (7 - new Date().getUTCDay()) % 7;
    travelTo(new Date(Date.now() + (toSunday + 2) * day * 1000));
  });

  const weekOf = (time: Date) =>
    database.query<{ name: string }>(
      `select tableoid::regclass::text as name from outbox_mails where created_at = $1`,
      [time],
    );

  test('drops a week once all of it is past thirty days, and keeps waiting mails', async () => {
    const created = clock.now();
    await insertMail(database, created);
    const [week] = await weekOf(created);
    clock.travel(31 * day);
    await app.cleanUpAlone();
    expect(await partitionsOf(database, 'outbox_mails')).toContain(week?.name);
    clock.travel(7 * day);
    expect(await app.cleanUpAlone()).toMatchObject({ outbox_mails: 1 });
    expect(await partitionsOf(database, 'outbox_mails')).not.toContain(week?.name);
  });

  test('keeps the week of a mail that waits, and deletes the others in it', async () => {
    const created = clock.now();
    const [sent, waiting] = [await insertMail(database, created), await insertMail(database, created, 'pending')];
    clock.travel(40 * day);
    expect(await app.cleanUpAlone()).toMatchObject({ outbox_mails: 1 });
    const [gone, kept] = await placesOf(database, 'outbox_mails', [sent, waiting]);
    expect(gone).toBe('missing');
    expect(kept).toMatch(/^outbox_mails_\d/);
  });

  test('deletes no row at the same place in another partition', async () => {
    const old = await insertMail(database, new Date('2001-01-01T00:00:00Z'));
    const young = await insertMail(database, clock.now(), 'pending');
    const rows = await database.query('select distinct ctid from outbox_mails');
    expect(rows).toHaveLength(1);
    const plain = await openAuditApp(database, clock, { PARTITIONS: 'off' });
    try {
      expect(await plain.cleanUpAlone()).toMatchObject({ outbox_mails: 1 });
    } finally {
      await plain.close();
    }
    const [gone, kept] = await placesOf(database, 'outbox_mails', [old, young]);
    expect([gone, kept]).toEqual(['missing', expect.stringMatching(/^outbox_mails_\d/)]);
  });
});
