/** Which database a command uses: the one of `.env`, unless the real environment names another. */
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 60_000 });
const runner = createProcessRunner();
let database: TestDatabase;
let other: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
  other = await createTestDatabase();
});
afterEach(async () => {
  await runner.clear();
  await database.drop();
  await other.drop();
});

const create = ['users', 'create', '--role', 'SUPER_ADMIN', '--email'];
const nowhere = 'postgresql://nobody@127.0.0.1:1/nothing';
const usersOf = ({ query }: TestDatabase) => query<{ email: string }>('select email from users');

async function folderWith(file: string): Promise<string> {
  const cwd = await runner.folder();
  await writeFile(join(cwd, '.env'), file);
  return cwd;
}

async function expectNoEmbeddedDatabase(cwd: string): Promise<void> {
  await expect(stat(join(cwd, '.postern'))).rejects.toMatchObject({ code: 'ENOENT' });
}

test.each([
  ['plain lines', (url: string) => `DATABASE_URL=${url}\nSECRET=${testSecret}\n`],
  ['quotes and comments', (url: string) => `# ours\nDATABASE_URL="${url}"\nexport SECRET='${testSecret}' # kept\n`],
  ['a byte order mark and DOS lines', (url: string) => `\u{FEFF}DATABASE_URL=${url}\r\nSECRET=${testSecret}\r\n`],
])('a command uses the database that .env sets with %s, and reports it', async (_what, file) => {
  const cwd = await folderWith(file(database.url));
  const created = await runner.run([...create, 'ada@example.com'], { cwd });
  expect(created).toMatchObject({ code: 0, stderr: '' });
  expect(created.stdout).toMatch(/^Created ada@example\.com \([0-9a-f-]{36}\) in database \w+ at 127\.0\.0\.1:\d+\.$/m);
  expect(created.stdout).toContain(new URL(database.url).pathname.slice(1));
  expect(await usersOf(database)).toEqual([{ email: 'ada@example.com' }]);
  await expectNoEmbeddedDatabase(cwd);
});

test('a variable of the real environment takes precedence over .env', async () => {
  const cwd = await folderWith(`DATABASE_URL=${database.url}\nSECRET=${testSecret}\n`);
  const created = await runner.run([...create, 'ada@example.com'], { cwd, env: { DATABASE_URL: other.url } });
  expect(created).toMatchObject({ code: 0, stderr: '' });
  expect([await usersOf(database), await usersOf(other)]).toEqual([[], [{ email: 'ada@example.com' }]]);
});

test('a command fails when the database in .env is down, and starts no embedded one', async () => {
  const cwd = await folderWith(`DATABASE_URL=${nowhere}\nSECRET=${testSecret}\n`);
  const failed = await runner.run([...create, 'ada@example.com'], { cwd });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/^postern: the database does not answer/);
  await expectNoEmbeddedDatabase(cwd);
});

test.each([
  [[...create, 'ada@example.com']],
  [['users', 'list']],
  [['keys', 'list']],
  [['keys', 'rotate']],
  [['cleanup']],
])('%j in a folder without settings creates no database and names the options', async (args) => {
  const cwd = await runner.folder();
  const failed = await runner.run(args, { cwd });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/^postern: .*DATABASE_URL.*\n$/);
  await expect(stat(join(cwd, '.postern/postgres'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.each([
  [[...create, 'ada@example.com']],
  [['users', 'list']],
  [['users', 'unlock', 'ada@example.com']],
  [['keys', 'list']],
  [['keys', 'rotate']],
  [['cleanup']],
  [['audit', 'verify']],
])('%j in an unmigrated database asks for "postern migrate" and changes nothing', async (args) => {
  await other.drop();
  other = await createTestDatabase({ empty: true });
  const failed = await runner.run(args, { env: { DATABASE_URL: other.url, SECRET: testSecret } });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/^postern: .*postern migrate/);
  expect(await other.query(`select 1 from information_schema.tables where table_schema = 'public'`)).toEqual([]);
});

test.each(['not-an-address', '', 'a@b@c', `${'x'.repeat(300)}@example.com`])(
  'users create refuses the address %j and changes nothing',
  async (email) => {
    await other.drop();
    other = await createTestDatabase({ empty: true });
    const refused = await runner.run([...create, email], { env: { DATABASE_URL: other.url, SECRET: testSecret } });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/^postern: /);
    expect(await other.query(`select 1 from information_schema.tables where table_schema = 'public'`)).toEqual([]);
  },
);
