/**
 * The guide to the audit trail (docs/audit.md): its program verifies an export alone, and its list of actions equals
 * the code.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportTrail } from '../../src/domain/audit/export.ts';
import { readOwnPublicKey } from '../../src/domain/audit/keys.ts';
import { userStatuses } from '../../src/persistence/accounts/user.ts';
import { revocationReasons } from '../../src/persistence/sessions/token-family.ts';
import { generateAuditKey } from '../../src/security/audit-chain.ts';
import { createTestClock } from '../support/gateway/clock.ts';
import { createTestDatabase } from '../support/gateway/database.ts';
import { openAuditApp } from '../support/people/audit-chain.ts';

const day = 24 * 60 * 60;
const root = resolve(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs/audit.md'), 'utf8');

function blockOf(language: string): string {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text = '']) => text,
  );
  expect(blocks, language).toHaveLength(1);
  return blocks[0] ?? '';
}

let folder: string;
/** From the first entry, from a checkpoint, and from the first entry that retention kept. */
const exports: Record<'whole' | 'since' | 'anchored', string[]> = { whole: [], since: [], anchored: [] };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-guide-'));
  const database = await createTestDatabase();
  const clock = createTestClock();
  const auditApp = await openAuditApp(database, clock, { AUDIT_RETENTION: '10d' });
  const exported = async (since: Date | null) => {
    let text = '';
    for await (const lines of exportTrail(auditApp.dependencies().em, since)) text += lines;
    return text.trimEnd().split('\n');
  };
  for (let batch = 0; batch < 4; batch += 1) {
    await auditApp.write(3);
    await auditApp.sealAll();
    clock.travel(day);
    await auditApp.auditSealing.seal();
  }
  await auditApp.purgeTargetOf(3);
  await auditApp.sealAll();
  exports.whole = await exported(null);
  exports.since = await exported(new Date(clock.now().getTime() - 2 * day * 1000));
  clock.travel(8 * day);
  await auditApp.auditSealing.removeOutdated();
  exports.anchored = await exported(null);
  await writeFile(join(folder, 'check.mjs'), blockOf('js'));
  await writeFile(join(folder, 'key.pem'), (await readOwnPublicKey(auditApp.dependencies().em, auditApp.sealer)) ?? '');
  await writeFile(join(folder, 'other.pem'), generateAuditKey().publicKey);
  await auditApp.close();
  await database.drop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The output of the guide's program, and its exit code. */
async function check(lines: readonly string[], key = 'key.pem'): Promise<string> {
  const child = spawn(process.execPath, ['check.mjs', key], { cwd: folder });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  }
  // The program may exit before it has read all of its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${lines.join('\n')}\n`);
  const [code] = await once(child, 'close');
  return `${said.trimEnd()} (${code})`;
}

describe('the documented program', () => {
  test('verifies a whole trail: from the start, since a time, and after the purged entries', async () => {
    expect(await check(exports.whole)).toBe('whole: 15 entries, up to number 15 (0)');
    expect(exports.since[0]).toContain('completeUntil');
    expect(await check(exports.since)).toMatch(/^whole: \d entries, up to number 15 \(0\)$/);
    expect(exports.anchored[0]).toContain('removedBefore');
    expect(await check(exports.anchored)).toMatch(/^whole: \d+ entries, up to number 15 \(0\)$/);
  });

  const nth = (lines: readonly string[], type: string, n = 0) =>
    lines.indexOf(lines.filter((text) => text.startsWith(`{"type":"${type}"`))[n] ?? '');
  const replaced = (lines: string[], at: number, from: RegExp, to: string) =>
    lines.with(at, (lines[at] ?? '').replace(from, to));

  test.each<[string, (lines: string[]) => string[], RegExp]>([
    [
      'a changed entry',
      (all) => replaced(all, nth(all, 'entry', 3), /"SUCCESS"/, '"DENIED"'),
      /number 4 is not what was/,
    ],
    [
      'an added address',
      (all) => replaced(all, nth(all, 'entry', 3), /"ipAddress":null/, '"ipAddress":"192.0.2.1"'),
      /the personal data of number 4/,
    ],
    [
      'an address in place of a purged one',
      (all) => replaced(all, nth(all, 'entry', 2), /"ipAddress":null/, '"ipAddress":"192.0.2.1"'),
      /the personal data of number 3/,
    ],
    [
      'an emptied entry that no purge lists',
      (all) => replaced(all, nth(all, 'entry', 4), /"salt":"\w+"/, '"salt":null'),
      /the personal data of number 5 is gone/,
    ],
    ['a removed entry', (all) => all.toSpliced(nth(all, 'entry', 5), 1), /number 6 is missing/],
    ['the last entry removed', (all) => all.toSpliced(nth(all, 'entry', 14), 1), /does not fit behind number 14/],
    ['a checkpoint removed', (all) => all.toSpliced(nth(all, 'checkpoint', 1), 1), /does not fit/],
    [
      'an edited checkpoint',
      (all) => replaced(all, nth(all, 'checkpoint', 1), /"signedAt":"2/, '"signedAt":"3'),
      /the checkpoint at \d+ is forged/,
    ],
    ['a missing end line', (all) => all.slice(0, -1), /the file breaks off/],
    ['a line after the end', (all) => [...all, all[1] ?? ''], /something follows the end/],
  ])('finds %s', async (_what, edit, said) => {
    const answer = await check(edit(exports.whole));
    expect(answer).toMatch(/^broken: .* \(1\)$/);
    expect(answer).toMatch(said);
  });

  test('rejects another key, and an unsigned start', async () => {
    expect(await check(exports.whole, 'other.pem')).toMatch(/^broken: the checkpoint at \d+ is forged \(1\)$/);
    for (const lines of [exports.since, exports.anchored]) {
      const edited = replaced(lines, 0, /("start":\{.*?"hash":")\w/, '$1x');
      expect(await check(edited)).toBe('broken: the start is not what was signed (1)');
    }
  });
});

test('the documented list of actions equals the list in the code; if not, copy it', async () => {
  const source = await readFile(join(root, 'src/domain/audit/actions.ts'), 'utf8');
  const begin = source.indexOf('/** The state before and after');
  const vocabulary = source.slice(begin, source.indexOf('export type AuditAction')).trim();
  const listed = blockOf('ts');
  expect(listed).toContain(vocabulary);
  const namesIn = (text = '') => [...text.matchAll(/'(\w+)'/g)].map(([, name]) => name);
  expect(namesIn(/type UserStatus = ([^;]*);/.exec(listed)?.[1])).toEqual([...userStatuses]);
  expect(namesIn(/type RevocationReason =([^;]*);/.exec(listed)?.[1])).toEqual([...revocationReasons]);
});
