/** `postern audit` for an operator with the database, and for an auditor with a file and a public key. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { generateAuditKey } from '../../src/security/audit-chain.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner, type ProcessResult } from '../support/processes/processes.ts';

// Each process takes a second or two to load, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const runner = createProcessRunner();
const people = ['ada', 'eve', 'ina', 'lin'];
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = await runner.folder();
  for (const name of people) {
    const result = await postern(['users', 'create', '--email', `${name}@example.com`, '--role', 'USER']);
    expect(result.code).toBe(0);
  }
  await keep('checkpoint.json', await postern(['audit', 'checkpoint']));
  await keep('key.pem', await postern(['audit', 'key']));
  await keep('trail.ndjson', await postern(['audit', 'export']));
});
afterAll(async () => {
  await runner.clear();
  await database.drop();
});

function postern(args: readonly string[]): Promise<ProcessResult> {
  return runner.run(args, { cwd: folder, env: { DATABASE_URL: database.url, SECRET: testSecret } });
}

/** Without database, secret and any other setting; in production, to be sure that none is required. */
function auditor(args: readonly string[]): Promise<ProcessResult> {
  return runner.run(['audit', 'verify', ...args], { cwd: folder, env: { NODE_ENV: 'production' } });
}

async function keep(name: string, { code, stdout, stderr }: ProcessResult): Promise<void> {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await writeFile(join(folder, name), stdout);
}

async function linesOfTrail(): Promise<string[]> {
  return (await readFile(join(folder, 'trail.ndjson'), 'utf8')).trimEnd().split('\n');
}

const trusting = ['--public-key', 'key.pem'];

/** The auditor's output after the trail was edited. */
async function edited(edit: (lines: string[]) => string[]): Promise<ProcessResult> {
  await writeFile(join(folder, 'edited.ndjson'), `${edit(await linesOfTrail()).join('\n')}\n`);
  return auditor(['--file', 'edited.ndjson', ...trusting]);
}

describe('with the database', () => {
  test('a whole trail is reported as whole', async () => {
    const result = await postern(['audit', 'verify', '--checkpoint', 'checkpoint.json', ...trusting]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^Whole: \d+ entries, up to number \d+, signed \d{4}-/);
  });

  test('a changed entry is named, with exit code 1', async () => {
    const copy = await createTestDatabase({ empty: true });
    const env = { DATABASE_URL: copy.url, SECRET: testSecret };
    const run = (args: string[]) => runner.run(args, { cwd: folder, env });
    expect((await run(['migrate'])).code).toBe(0);
    expect((await run(['users', 'create', '--email', 'a@example.com', '--role', 'USER'])).code).toBe(0);
    expect((await run(['audit', 'checkpoint'])).code).toBe(0);
    const [row] = await copy.query<{ id: string }>('select entry_id as id from audit_seals where seq = 1');
    // A change that the triggers permit.
    await copy.query(
      `update audit_entries set ip_address = null, user_agent = null, reason = null, personal_salt = null where id = $1`,
      [row?.id],
    );
    const emptied = await run(['audit', 'verify']);
    expect(emptied).toMatchObject({ code: 1, stderr: '' });
    expect(emptied.stdout).toBe(
      `CHANGED: Entry ${row?.id} (number 1) was changed: its IP address, user agent and reason were removed without a recorded purge of an account.\n`,
    );
    await copy.query('alter table audit_entries disable trigger user');
    await copy.query(`update audit_entries set outcome = 'DENIED' where id = $1`, [row?.id]);
    expect(await run(['audit', 'verify'])).toEqual({
      code: 1,
      stdout: `CHANGED: Entry ${row?.id} (number 1) differs from its sealed state.\n`,
      stderr: '',
    });
    // Another trail.
    const other = await run(['audit', 'verify', ...trusting]);
    expect(other).toMatchObject({ code: 1, stdout: expect.stringMatching(/^(CHANGED|FORGED): /) });
    await copy.drop();
  });

  test('the printed key is the signing key, whatever is stored beside it', async () => {
    const theirs = generateAuditKey();
    const [own] = await database.query<{ publicKey: string }>('select public_key as "publicKey" from audit_keys');
    await database.query('update audit_keys set public_key = $1', [theirs.publicKey]);
    try {
      expect((await postern(['audit', 'key'])).stdout).toBe(await readFile(join(folder, 'key.pem'), 'utf8'));
    } finally {
      await database.query('update audit_keys set public_key = $1', [own?.publicKey]);
    }
  });

  test('the export begins at a time, with the proof of its start', async () => {
    await keep('none.ndjson', await postern(['audit', 'export', '--since', '2999-01-01']));
    const [first, ...rest] = (await readFile(join(folder, 'none.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ type: 'trail', start: { signature: expect.any(String) } });
    expect(rest.filter((text) => text.includes('"type":"entry"'))).toEqual([]);
    expect(await auditor(['--file', 'none.ndjson', ...trusting])).toMatchObject({ code: 0 });
  });
});

describe('with an export and the public key', () => {
  test('a whole trail is reported as whole, without database and configuration', async () => {
    const result = await auditor(['--file', 'trail.ndjson', ...trusting, '--checkpoint', 'checkpoint.json']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^Whole: \d+ entries, up to number \d+, signed \d{4}-[^\n]+\n$/);
  });

  test('without a key the output says that the file alone names its signer', async () => {
    const result = await auditor(['--file', 'trail.ndjson']);
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('Pass --public-key');
  });

  test('a changed entry is named, with exit code 1', async () => {
    const result = await edited((lines) => lines.map((text) => text.replace('"role":"USER"', '"role":"ADMIN"')));
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout).toMatch(/^CHANGED: Entry [0-9a-f-]{36} \(number \d+\) differs from its sealed state\.\n$/);
  });
});

describe('unusable input is reported in one line, with exit code 2', () => {
  test.each([
    [['--file', 'nowhere.ndjson'], /^postern: --file: nowhere\.ndjson cannot be read$/],
    [['--file', 'trail.ndjson', '--public-key', 'nowhere.pem'], /^postern: --public-key: nowhere\.pem cannot be read$/],
    [
      ['--file', 'trail.ndjson', '--public-key', 'trail.ndjson'],
      /^postern: --public-key: the file does not contain the output of "postern audit key"$/,
    ],
    [
      ['--file', 'trail.ndjson', '--checkpoint', 'key.pem'],
      /^postern: --checkpoint: the file does not contain the output of "postern audit checkpoint"$/,
    ],
  ])('%j', async (args, line) => {
    const { code, stdout, stderr } = await auditor(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(line);
  });

  test('a malformed time', async () => {
    const { code, stderr } = await postern(['audit', 'export', '--since', 'yesterday']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^postern: .*Enter a time, for example 2026-01-31/);
  });
});
