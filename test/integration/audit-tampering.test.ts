/** An attacker with write access to the database changes the trail: what verification reports for each change. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sealedFormOf } from '../../src/domain/audit/link.ts';
import type { AuditProblem } from '../../src/domain/audit/verification.ts';
import { findLinks } from '../../src/persistence/audit/audit-chain.ts';
import {
  type Checkpoint,
  chainHash,
  generateAuditKey,
  genesisHash,
  readAuditPrivateKey,
  signCheckpoint,
} from '../../src/security/audit-chain.ts';
import { createTestClock, type TestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';

const hour = 60 * 60;
const day = 24 * hour;
const entryCount = 12;

let original: TestDatabase;
/** The trail after half of the batches. */
let backup: TestDatabase;
let clock: TestClock;
/** The newest checkpoint, as an operator saves it elsewhere. */
let kept: Checkpoint;
beforeAll(async () => {
  original = await createTestDatabase();
  clock = createTestClock();
  await runForDays(2);
  backup = await createTestDatabase({ copyOf: original });
  await runForDays(2);
  const last = await openAuditApp(original, clock);
  const { problem, checkpoint, checked } = await last.integrity();
  if (problem || !checkpoint) throw new Error(`the trail is broken from the beginning: ${problem?.message}`);
  // The entry about the key is one of them.
  expect(checked).toBe(entryCount + 1);
  kept = checkpoint;
  await last.close();
});
afterAll(() => Promise.all([original.drop(), backup.drop()]));

async function runForDays(days: number): Promise<void> {
  const running = await openAuditApp(original, clock);
  for (let batch = 0; batch < days; batch += 1) {
    await running.write(entryCount / 4);
    await running.sealAll();
    clock.travel(day);
    // Seals nothing, and records that every entry up to here is sealed.
    await running.auditSealing.seal();
  }
  await running.close();
}

let database: TestDatabase;
let auditApp: AuditApp;
beforeEach(async () => {
  database = await createTestDatabase({ copyOf: original });
  auditApp = await openAuditApp(database, clock);
});
afterEach(async () => {
  await auditApp.close();
  await database.drop();
});

/** Changes a row with disabled triggers, and enables them again. */
async function tamper(...statements: string[]): Promise<void> {
  const tables = ['audit_entries', 'audit_seals', 'audit_checkpoints', 'audit_anchors'];
  await database.query(
    [
      ...tables.map((table) => `alter table ${table} disable trigger user`),
      ...statements,
      ...tables.map((table) => `alter table ${table} enable trigger user`),
    ].join(';'),
  );
}

async function entryAt(sequence: number): Promise<string> {
  const [row] = await database.query<{ id: string }>('select entry_id as id from audit_seals where seq = $1', [
    sequence,
  ]);
  if (!row) throw new Error(`there is no seal ${sequence}`);
  return row.id;
}

async function problemNow(request: Parameters<AuditApp['integrity']>[0] = {}): Promise<AuditProblem | null> {
  return (await auditApp.integrity(request)).problem;
}

const rowOf = (sequence: number) => `(select entry_id from audit_seals where seq = ${sequence})`;

test('an untouched trail is whole, alone and with the saved checkpoint', async () => {
  expect(await problemNow()).toBeNull();
  expect(await problemNow({ kept })).toBeNull();
});

describe('a change', () => {
  test.each([
    ['the action', `action = 'session.ended'`],
    ['the outcome', `outcome = 'FAILURE'`],
    ['the time, by a microsecond', `occurred_at = occurred_at + interval '1 microsecond'`],
    ['the actor', 'actor_id = gen_random_uuid()'],
    ['the target', `target_id = 'another user'`],
    ['the session', 'session_id = gen_random_uuid()'],
    ['the request', `request_id = 'another'`],
    ['a detail', `details = jsonb_set(details, '{role}', '"ADMIN"')`],
    ['the hash of the personal data', `personal_hash = sha256('x')`],
    ['the address, with the hash unchanged', `ip_address = '192.0.2.1'`],
    ['the reason, with the hash unchanged', `reason = 'because'`],
    ['the salt alone', `personal_salt = null, ip_address = '192.0.2.1'`],
  ])('of %s is reported', async (_what, change) => {
    const entryId = await entryAt(5);
    await tamper(`update audit_entries set ${change} where id = ${rowOf(5)}`);
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 5, entryId });
  });

  test('of several entries is reported at the first', async () => {
    await tamper(
      `update audit_entries set outcome = 'DENIED' where id in (select entry_id from audit_seals where seq in (3, 9))`,
    );
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 3 });
  });

  test('with recomputed hashes is reported by the next checkpoint', async () => {
    await tamper(`update audit_entries set outcome = 'DENIED' where id = ${rowOf(6)}`, ...(await sealedAnew(6)));
    const found = await problemNow();
    expect(found?.kind).toBe('CHANGED');
    expect(found?.message).toMatch(/^Checkpoint \d+ signs other hashes: an entry between numbers \d+ and \d+/);
    const [, from, to] = /numbers (\d+) and (\d+)/.exec(found?.message ?? '') ?? [];
    expect(Number(from)).toBeLessThanOrEqual(6);
    expect(Number(to)).toBeGreaterThanOrEqual(6);
  });

  test('with a disabled trigger is reported, and so is the trigger', async () => {
    await database.query('alter table audit_entries disable trigger purge_only');
    expect(await problemNow()).toMatchObject({
      kind: 'UNGUARDED',
      message: expect.stringContaining('audit_entries.purge_only'),
    });
    await database.query(`update audit_entries set outcome = 'DENIED' where id = ${rowOf(7)}`);
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 7 });
    await database.query('alter table audit_entries enable trigger purge_only');
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 7 });
  });
});

/** What an attacker that knows the format of seals, but has no key, would write. */
async function sealedAnew(from: number): Promise<string[]> {
  const links = await findLinks(auditApp.dependencies().em, 0, 1000);
  let hash = links[from - 2]?.hash ?? genesisHash;
  return links.slice(from - 1).map(({ sequence, entry }) => {
    if (!entry) throw new Error('an entry is missing');
    const form = sealedFormOf(entry);
    hash = chainHash(hash, sequence, sequence === from ? { ...form, outcome: 'DENIED' } : form);
    return `update audit_seals set hash = decode('${hash}', 'hex') where seq = ${sequence}`;
  });
}

describe('a deletion', () => {
  test.each([
    ['the first', 1],
    ['a middle one', 6],
    ['the last', entryCount + 1],
  ])('of %s is reported', async (_what, sequence) => {
    const entryId = await entryAt(sequence);
    await tamper(`delete from audit_entries where id = ${rowOf(sequence)}`);
    expect(await problemNow()).toMatchObject({ kind: 'MISSING', sequence, entryId });
  });

  test.each([
    ['the first', 1],
    ['a middle one', 6],
    ['the last', entryCount + 1],
  ])('of %s and its seal is reported by its number', async (_what, sequence) => {
    await tamper(
      `delete from audit_entries where id = ${rowOf(sequence)}`,
      `delete from audit_seals where seq = ${sequence}`,
    );
    expect(await problemNow()).toMatchObject({ kind: 'MISSING', sequence });
  });

  test('of everything is reported', async () => {
    await tamper('truncate audit_entries');
    expect(await problemNow()).toMatchObject({ kind: 'MISSING', sequence: 1 });
    await tamper('truncate audit_seals');
    expect(await problemNow()).toMatchObject({ kind: 'MISSING', sequence: 1 });
    await tamper('truncate audit_checkpoints');
    expect(await problemNow()).toMatchObject({
      kind: 'MISSING',
      message: 'A signing key exists, but every checkpoint that it signed is missing.',
    });
    await database.query('truncate audit_keys');
    // The database has no sign of the trail, but the saved checkpoint has.
    expect(await problemNow()).toBeNull();
    expect(await problemNow({ kept })).toMatchObject({ kind: 'FORGED' });
  });

  test('of an unsealed entry cannot be detected, which is why sealing does not wait', async () => {
    await auditApp.write(1);
    expect((await auditApp.integrity()).waiting).toBe(1);
    await tamper('delete from audit_entries where id not in (select entry_id from audit_seals)');
    expect(await auditApp.integrity()).toMatchObject({ problem: null, waiting: 0 });
    expect(await problemNow({ kept })).toBeNull();
  });

  test('beyond retention, after an unsigned anchor, is reported', async () => {
    await database.query(
      `insert into audit_anchors select number, seq, hash, signed_at, signed_at, key_id, signature
       from audit_checkpoints where number = 2`,
    );
    const [anchor] = await database.query<{ seq: string }>('select seq from audit_anchors');
    await database.query(`delete from audit_entries where id in (select entry_id from audit_seals where seq <= $1)`, [
      anchor?.seq,
    ]);
    await database.query('delete from audit_seals where seq <= $1', [anchor?.seq]);
    await database.query('delete from audit_checkpoints where number <= 2');
    expect(await problemNow()).toMatchObject({ kind: 'FORGED', message: expect.stringContaining('The anchor') });
  });
});

describe('an insertion', () => {
  const copyOf = (sequence: number, occurredAt = 'occurred_at') => `
    insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
    select gen_random_uuid(), ${occurredAt}, action, 'DENIED', request_id, personal_salt, personal_hash, details
    from audit_entries where id = ${rowOf(sequence)} returning id`;

  test('into the past is reported, before and after sealing', async () => {
    const [row] = await database.query<{ id: string }>(copyOf(4));
    expect(await problemNow()).toMatchObject({ kind: 'INSERTED', entryId: row?.id });
    await auditApp.sealAll();
    expect(await problemNow()).toMatchObject({ kind: 'INSERTED', sequence: entryCount + 2, entryId: row?.id });
  });

  test('hidden from the sealer is reported', async () => {
    const [row] = await database.query<{ id: string }>(
      copyOf(4).replace('(id,', '(inserted_by, id,').replace('select gen', `select '3'::xid8, gen`),
    );
    await auditApp.auditSealing.seal();
    expect(await problemNow()).toMatchObject({ kind: 'INSERTED', entryId: row?.id });
  });

  test('with an unsigned seal is reported', async () => {
    await database.query(copyOf(4));
    await database.query(
      `insert into audit_seals select ${entryCount + 2}, id, sha256('x') from audit_entries e
       where not exists (select from audit_seals s where s.entry_id = e.id)`,
    );
    expect(await problemNow()).toMatchObject({ sequence: entryCount + 2 });
  });

  test('with the current time is an ordinary entry and cannot be detected', async () => {
    await database.query(copyOf(4, `'${clock.now().toISOString()}'`));
    await auditApp.sealAll();
    expect(await problemNow()).toBeNull();
  });
});

describe('a swap', () => {
  /** Of two adjacent entries that were signed together, as an attacker would choose. */
  let one: number;
  let next: number;
  beforeEach(async () => {
    const [row] = await database.query<{ seq: number }>(
      `select seq::int as seq from audit_seals where seq > 4 and seq not in (select seq from audit_checkpoints) order by seq limit 1`,
    );
    if (!row) throw new Error('every entry was signed alone');
    [one, next] = [row.seq, row.seq + 1];
  });

  test('of the content of two entries is reported', async () => {
    const [a, b] = [await entryAt(one), await entryAt(next)];
    await tamper(`
      update audit_entries e set target_id = o.target_id, details = o.details, occurred_at = o.occurred_at,
        personal_hash = o.personal_hash, personal_salt = o.personal_salt, request_id = o.request_id
      from audit_entries o where (e.id, o.id) in (('${a}', '${b}'), ('${b}', '${a}'))`);
    expect(await problemNow()).toMatchObject({ kind: 'REORDERED', sequence: one, entryId: a });
  });

  test('of the positions of two entries is reported', async () => {
    await tamper(
      `update audit_seals set seq = -1 where seq = ${one}`,
      `update audit_seals set seq = ${one} where seq = ${next}`,
      `update audit_seals set seq = ${next} where seq = -1`,
    );
    expect(await problemNow()).toMatchObject({ kind: 'REORDERED', sequence: one });
  });

  test('of the seals of two entries is reported', async () => {
    const [a, b] = [await entryAt(one), await entryAt(next)];
    await tamper(
      `update audit_seals set entry_id = gen_random_uuid() where seq = ${one}`,
      `update audit_seals set entry_id = '${a}' where seq = ${next}`,
      `update audit_seals set entry_id = '${b}' where seq = ${one}`,
    );
    expect(await problemNow()).toMatchObject({ kind: 'REORDERED', sequence: one, entryId: b });
  });

  test('of two entries signed separately is reported at the first, as a change', async () => {
    const [row] = await database.query<{ seq: number }>(
      'select seq::int as seq from audit_checkpoints where number = 2',
    );
    const last = row?.seq ?? 0;
    await tamper(
      `update audit_seals set seq = -1 where seq = ${last}`,
      `update audit_seals set seq = ${last} where seq = ${last + 1}`,
      `update audit_seals set seq = ${last + 1} where seq = -1`,
    );
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: last });
  });
});

describe('a checkpoint', () => {
  test.each([
    ['hash', `hash = sha256('x')`],
    ['time', `signed_at = signed_at + interval '1 millisecond'`],
    ['completeness', `complete_until = null`],
    ['signature', `signature = sha256('x') || sha256('y')`],
  ])('with a changed %s is reported', async (_what, change) => {
    const [row] = await database.query<{ seq: string }>('select seq from audit_checkpoints where number = 3');
    await tamper(`update audit_checkpoints set ${change} where number = 3`);
    expect(await problemNow()).toMatchObject({ kind: 'FORGED', sequence: Number(row?.seq) });
  });

  test('that is missing is reported, and the newest as well', async () => {
    await tamper('delete from audit_checkpoints where number = 2');
    expect(await problemNow()).toMatchObject({ kind: 'MISSING', message: 'Checkpoint 2 is missing.' });
    await tamper('delete from audit_checkpoints where number > 2');
    expect(await problemNow()).toMatchObject({
      kind: 'FORGED',
      message: expect.stringContaining('without a signed checkpoint'),
    });
  });

  test('with a key inserted into the table is rejected', async () => {
    const theirs = generateAuditKey();
    const { signature: _, ...rest } = kept;
    const forged = { ...rest, hash: '0'.repeat(64), kid: theirs.kid };
    const signature = signCheckpoint(readAuditPrivateKey(theirs.privateKey), forged);
    await database.query('insert into audit_keys values ($1, $2, $3, now())', [
      theirs.kid,
      theirs.publicKey,
      Buffer.from('x'),
    ]);
    await tamper(
      `update audit_checkpoints set hash = decode('${forged.hash}', 'hex'), key_id = '${theirs.kid}', signature = decode('${signature}', 'base64') where number = ${kept.number}`,
    );
    expect(await problemNow()).toMatchObject({
      kind: 'FORGED',
      message: expect.stringContaining('a key that is not trusted'),
    });
  });
});

describe('a restored backup, or a truncated trail', () => {
  test('is consistent in itself, and detected by the saved checkpoint', async () => {
    await putBack();
    expect(await auditApp.integrity()).toMatchObject({ problem: null, complete: true });
    expect(await problemNow({ kept })).toMatchObject({ kind: 'CUT_OFF' });
  });

  test('is detected after it has grown beyond the checkpoint', async () => {
    await putBack();
    for (let batch = 0; batch < 5; batch += 1) {
      await auditApp.write(2);
      await auditApp.sealAll();
    }
    expect((await auditApp.integrity()).checkpoint?.number).toBeGreaterThan(kept.number);
    expect(await problemNow()).toBeNull();
    expect(await problemNow({ kept })).toMatchObject({ kind: 'CUT_OFF' });
  });

  test('is detected when only the newest batch is missing, with its seals and its checkpoint', async () => {
    await cutOff(kept.number - 1);
    expect(await problemNow()).toBeNull();
    expect(await problemNow({ kept })).toMatchObject({ kind: 'CUT_OFF' });
  });

  /** Restores the whole database, as an operator would. */
  async function putBack(): Promise<void> {
    await auditApp.close();
    await database.drop();
    database = await createTestDatabase({ copyOf: backup });
    auditApp = await openAuditApp(database, clock);
  }

  test('under a running gateway is detected by its sealer', async () => {
    await auditApp.write(1);
    await auditApp.sealAll();
    await cutOff(2);
    await auditApp.auditSealing.seal();
    expect(auditApp.logs.join('')).toContain('the audit trail differs from the state that this process sealed');
    expect(await auditApp.metrics.text()).toContain('postern_audit_trail_went_back_total 1');
  });

  async function cutOff(lastNumber: number): Promise<void> {
    const last = `(select seq from audit_checkpoints where number = ${lastNumber})`;
    await tamper(
      `delete from audit_entries where id not in (select entry_id from audit_seals where seq <= ${last})`,
      `delete from audit_seals where seq > ${last}`,
      `delete from audit_checkpoints where number > ${lastNumber}`,
    );
  }
});

describe('purged personal data', () => {
  /** The triggers permit it. */
  const empty = (where: string) =>
    database.query(
      `update audit_entries set ip_address = null, user_agent = null, reason = null, personal_salt = null where ${where}`,
    );
  const isEmptied = expect.stringContaining('without a recorded purge of an account');

  test('leaves the trail whole, before and after the purge is sealed', async () => {
    await auditApp.purgeTargetOf(5);
    expect(await problemNow()).toBeNull();
    expect(await problemNow({ kept })).toBeNull();
    await auditApp.sealAll();
    expect(await problemNow({ kept })).toBeNull();
    expect((await auditApp.integrity({ newest: 3 })).problem).toBeNull();
  });

  test.each([
    ['one entry', `id = ${rowOf(5)}`, 5],
    ['every entry', 'true', 1],
    ['the entries of an action', `action = 'audit_key.created'`, 1],
  ])('without a purged account is reported: of %s', async (_what, where, sequence) => {
    const named = where.startsWith('action')
      ? await database.query<{ seq: number }>(
          `select seq::int as seq from audit_seals join audit_entries on id = entry_id where ${where}`,
        )
      : [{ seq: sequence }];
    await empty(where);
    const first = named[0]?.seq ?? 0;
    const problem = { kind: 'CHANGED', sequence: first, entryId: await entryAt(first), message: isEmptied };
    expect(await problemNow()).toMatchObject(problem);
    await auditApp.sealAll();
    expect(await problemNow()).toMatchObject(problem);
  });

  test('beside a purged account is reported', async () => {
    await auditApp.purgeTargetOf(5);
    await empty(`id = ${rowOf(6)}`);
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 6, message: isEmptied });
    await auditApp.sealAll();
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 6, message: isEmptied });
  });

  test('of an unsealed entry, and of the purge itself, is reported once they are sealed', async () => {
    await auditApp.write(1);
    await empty('id not in (select entry_id from audit_seals)');
    await auditApp.sealAll();
    expect(await problemNow()).toMatchObject({ sequence: entryCount + 2, message: isEmptied });
    await auditApp.purgeTargetOf(entryCount + 2);
    await auditApp.sealAll();
    await empty(`action in ('user.purged', 'personal_data.purged')`);
    expect(await problemNow()).toMatchObject({ kind: 'CHANGED', message: isEmptied });
  });

  test('of an account with many entries is listed in parts', async () => {
    await database.query(
      `insert into audit_entries (id, occurred_at, action, outcome, target_type, target_id, request_id, personal_salt,
                                  personal_hash, details)
       select gen_random_uuid(), $1, 'user.updated', 'SUCCESS', target_type, target_id, 'many', 'salt',
              sha256('salt[null,null,null]'), '{}'
       from audit_entries, generate_series(1, 600) where id = ${rowOf(5)}`,
      [clock.now()],
    );
    await auditApp.purgeTargetOf(5);
    await auditApp.sealAll();
    expect(await problemNow()).toBeNull();
    const lists = await database.query<{ listed: number }>(
      `select jsonb_array_length(details->'entries') as listed from audit_entries
       where action = 'personal_data.purged' order by id`,
    );
    expect(lists.map(({ listed }) => listed)).toEqual([250, 250, 101]);
  });

  describe('by version 0.1.0, which lists no entries,', () => {
    const purgeWithoutList = (sequence: number, count: number) =>
      database.query(
        `insert into audit_entries (id, occurred_at, action, outcome, target_type, target_id, request_id, personal_salt,
                                    personal_hash, details)
         select gen_random_uuid(), $1, 'user.purged', 'SUCCESS', 'user', target_id, 'retention', 'salt',
                sha256('salt[null,null,null]'), jsonb_build_object('auditEntries', $2::int)
         from audit_entries where id = ${rowOf(sequence)}`,
        [clock.now(), count],
      );

    test('explains as many entries as it counts', async () => {
      await empty(`id = ${rowOf(5)}`);
      await purgeWithoutList(5, 1);
      expect(await problemNow()).toBeNull();
      await auditApp.sealAll();
      expect(await problemNow()).toBeNull();
    });

    test('explains no entry of another user', async () => {
      await empty(`id in (${rowOf(5)}, ${rowOf(6)})`);
      await purgeWithoutList(5, 2);
      await auditApp.sealAll();
      expect(await problemNow()).toMatchObject({ kind: 'CHANGED', sequence: 6, message: isEmptied });
    });
  });
});

describe('the triggers', () => {
  test.each([
    'delete from audit_entries',
    'delete from audit_seals',
    'delete from audit_checkpoints',
    'truncate audit_seals',
    'truncate audit_checkpoints',
    'truncate audit_anchors',
    'update audit_seals set hash = hash',
    'update audit_checkpoints set hash = hash',
    'update audit_anchors set hash = hash',
  ])('refuse "%s"', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow(/append-only/);
    expect(await problemNow()).toBeNull();
  });
});
