/** The exported trail (domain/audit/export.ts) and its check by an auditor that has the file and the public key. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportTrail } from '../../src/domain/audit/export.ts';
import { checkExport, type ExportCheck } from '../../src/domain/audit/export-check.ts';
import { type AuditKeyring, readOwnKeyring } from '../../src/domain/audit/keys.ts';
import type { Checkpoint } from '../../src/security/audit-chain.ts';
import { createTestClock, type TestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { type AuditApp, openAuditApp } from '../support/people/audit-chain.ts';

const day = 24 * 60 * 60;

let database: TestDatabase;
let clock: TestClock;
let auditApp: AuditApp;
let keyring: AuditKeyring;
/** The number of entries in each batch. */
const checkpoints: Checkpoint[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  clock = createTestClock();
  auditApp = await openAuditApp(database, clock, { AUDIT_RETENTION: '10d' });
  for (let batch = 0; batch < 4; batch += 1) {
    await auditApp.write(3);
    await auditApp.sealAll();
    const { checkpoint } = await auditApp.integrity();
    if (checkpoint) checkpoints.push(checkpoint);
    clock.travel(day);
  }
  keyring = await readOwnKeyring(auditApp.dependencies().em, auditApp.sealer);
});
afterAll(async () => {
  await auditApp.close();
  await database.drop();
});

async function exported(since: Date | null = null, from = auditApp): Promise<string[]> {
  let text = '';
  for await (const lines of exportTrail(from.dependencies().em, since)) text += lines;
  return text.trimEnd().split('\n');
}

async function* asLines(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

function check(lines: readonly string[], kept: Checkpoint | null = null): Promise<ExportCheck> {
  return checkExport(asLines(lines), { keyring, kept });
}

const isEntry = (text: string) => text.includes('"type":"entry"');
const nthEntry = (lines: string[], n: number) => lines.indexOf(lines.filter(isEntry)[n] ?? '');
const sequencesIn = (lines: string[]) => lines.filter(isEntry).map((text): number => JSON.parse(text).sequence);

describe('an export', () => {
  test('is whole, alone and with every saved checkpoint', async () => {
    const lines = await exported();
    expect(await check(lines)).toMatchObject({ problem: null, checked: 13, unknownKeys: [] });
    for (const kept of checkpoints) expect((await check(lines, kept)).problem).toBeNull();
  });

  test('has each entry once, in order, and ends with a count', async () => {
    const lines = await exported();
    expect(sequencesIn(lines)).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ type: 'end', entries: 13 });
  });

  test('since a time starts at the checkpoint before it, and is whole from there', async () => {
    const since = new Date(checkpoints[2]?.signedAt ?? '');
    const lines = await exported(since);
    expect(sequencesIn(lines)[0]).toBe((checkpoints[1]?.sequence ?? 0) + 1);
    expect((await check(lines)).problem).toBeNull();
    expect((await check(lines, checkpoints[3])).problem).toBeNull();
  });

  test('without a key is checked for consistency only, and the result says so', async () => {
    const { problem, unknownKeys } = await checkExport(asLines(await exported()), { keyring: null, kept: null });
    expect({ problem, unknownKeys }).toEqual({ problem: null, unknownKeys: [...keyring.keys()] });
  });

  test('is rejected with another key', async () => {
    const other = await createTestDatabase();
    const theirs = await openAuditApp(other, clock);
    await theirs.write(1);
    await theirs.sealAll();
    expect((await check(await exported(null, theirs))).problem).toMatchObject({ kind: 'FORGED' });
    await theirs.close();
    await other.drop();
  });
});

describe('an edited export', () => {
  const cases: [string, (lines: string[]) => string[], RegExp][] = [
    [
      'a changed entry',
      (lines) => lines.map((text) => text.replace('"role":"USER"', '"role":"ADMIN"')),
      /^CHANGED: .+\(number \d+\)/,
    ],
    [
      'another address',
      (lines) => lines.map((text) => text.replace('"ipAddress":null', '"ipAddress":"192.0.2.1"')),
      /^CHANGED: .+number 1\)/,
    ],
    [
      'a further member',
      (lines) => lines.map((text) => text.replace('"entry":{', '"entry":{"note":"x",')),
      /^CHANGED: .+number 1\)/,
    ],
    [
      'the first entry gone',
      (lines) => lines.toSpliced(nthEntry(lines, 0), 1),
      /^(MISSING): Number 1 and its seal are missing/,
    ],
    [
      'a middle entry gone',
      (lines) => lines.toSpliced(nthEntry(lines, 2), 1),
      /^MISSING: Number 3 and its seal are missing/,
    ],
    [
      'an entry twice',
      (lines) => lines.toSpliced(nthEntry(lines, 2), 0, lines[nthEntry(lines, 2)] ?? ''),
      /^(MISSING|REORDERED): /,
    ],
    [
      'two entries in each other’s place',
      (lines) => {
        const [a, b] = [nthEntry(lines, 1), nthEntry(lines, 2)];
        return lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '');
      },
      /^(REORDERED|MISSING): /,
    ],
    [
      'an edited checkpoint',
      (lines) => lines.map((text) => text.replace(/("signedAt":"\d{4}-\d{2})-\d{2}/, '$1-01')),
      /^FORGED: /,
    ],
    ['the end cut off', (lines) => lines.slice(0, -2), /^CUT_OFF: The file ends too early/],
    ['a line that is none', (lines) => lines.toSpliced(2, 0, 'x'), /^FORGED: Line 3 /],
    ['lines behind the end', (lines) => [...lines, ...lines], /^FORGED: Line /],
    ['nothing', () => [], /^(FORGED|CUT_OFF): /],
  ];
  test.each(cases)('with %s is reported at the first wrong entry', async (_what, edit, said) => {
    const { problem } = await check(edit(await exported()));
    expect(`${problem?.kind}: ${problem?.message}`).toMatch(said);
  });

  test('that ends early with a consistent end is detected by the saved checkpoint', async () => {
    const lines = await exported();
    const isCheckpoint = (text: string) => text.includes('"type":"checkpoint"');
    const cut = lines.slice(0, lines.findIndex(isCheckpoint) + 1);
    const early = [...cut, JSON.stringify({ type: 'end', entries: cut.filter(isEntry).length })];
    expect((await check(early)).problem).toBeNull();
    expect((await check(early, checkpoints[3])).problem).toMatchObject({ kind: 'CUT_OFF' });
  });

  test('with removed personal data is reported at the first entry that no purge lists', async () => {
    const none = '"personal":{"ipAddress":null,"userAgent":null,"reason":null,"salt":null}';
    const lines = (await exported()).map((text) => text.replace(/"personal":\{[^}]*\}/, none));
    expect((await check(lines)).problem).toMatchObject({ kind: 'CHANGED', sequence: 1 });
  });
});

test('stays whole after a purge once the purge is sealed, also after retention', async () => {
  const other = await createTestDatabase();
  const time = createTestClock();
  const theirs = await openAuditApp(other, time, { AUDIT_RETENTION: '10d' });
  const trust = { keyring: null, kept: null };
  const problemOf = async (lines: readonly string[]) => (await checkExport(asLines(lines), trust)).problem;
  try {
    await theirs.write(3);
    await theirs.sealAll();
    time.travel(day);
    await theirs.write(3);
    await theirs.sealAll();
    await theirs.purgeTargetOf(3);
    await theirs.purgeTargetOf(6);
    await expect(exported(null, theirs)).rejects.toThrow(/export again/);
    await theirs.sealAll();
    expect(await problemOf(await exported(null, theirs))).toBeNull();
    // The first batch, with an entry that the first purge emptied, is removed; the purge itself stays.
    time.travel(9.5 * day);
    expect(await theirs.auditSealing.removeOutdated()).toBe(4);
    expect((await theirs.integrity()).problem).toBeNull();
    expect(await problemOf(await exported(null, theirs))).toBeNull();
  } finally {
    await theirs.close();
    await other.drop();
  }
});

// The last test, because it removes entries permanently.
describe('retention', () => {
  const count = async () => (await database.query('select from audit_entries')).length;

  test('keeps younger entries', async () => {
    expect(await auditApp.auditSealing.removeOutdated()).toBe(0);
    expect(await count()).toBe(13);
  });

  test('removes older entries, and the rest is whole from a signed anchor on', async () => {
    // Of four batches with a day between them, the first two are older than ten days.
    clock.travel(7.5 * day);
    await auditApp.write(1);
    await auditApp.sealAll();
    expect(await auditApp.auditSealing.removeOutdated()).toBe(checkpoints[1]?.sequence);
    expect(await auditApp.auditSealing.removeOutdated()).toBe(0);
    const [first] = await database.query<{ seq: string }>('select min(seq)::text as seq from audit_seals');
    expect(Number(first?.seq)).toBe((checkpoints[1]?.sequence ?? 0) + 1);
    expect((await auditApp.integrity()).problem).toBeNull();
    expect((await auditApp.integrity({ kept: checkpoints[3] ?? null })).problem).toBeNull();

    const lines = await exported();
    expect(JSON.parse(lines[0] ?? '').start).toMatchObject({
      number: checkpoints[1]?.number,
      removedBefore: expect.any(String),
    });
    expect((await check(lines)).problem).toBeNull();
  });

  test('keeps the newest batch at any age, so that the chain continues', async () => {
    clock.travel(1000 * day);
    await auditApp.auditSealing.removeOutdated();
    expect(await count()).toBe(1);
    expect((await auditApp.integrity()).problem).toBeNull();
    await auditApp.write(1);
    await auditApp.sealAll();
    expect(await auditApp.integrity()).toMatchObject({ problem: null, checked: 2 });
    expect(await database.query('select from audit_anchors')).toHaveLength(1);
  });

  test('without its anchor is reported as a loss', async () => {
    await database.query('alter table audit_anchors disable trigger user');
    await database.query('delete from audit_anchors');
    await database.query('alter table audit_anchors enable trigger user');
    expect((await auditApp.integrity()).problem).toMatchObject({ kind: 'MISSING', sequence: 1 });
  });
});
