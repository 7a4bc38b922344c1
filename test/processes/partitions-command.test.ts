/** `postern partitions …` and the line of `/readyz`, as an operator uses them. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { migrate } from '../../src/persistence/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { partitionsOf } from '../support/people/partitions.ts';
import { createProcessRunner } from '../support/processes/processes.ts';
import { freePort } from '../support/servers/free-port.ts';

// Each process takes a second or two to load, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const runner = createProcessRunner();
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await runner.clear();
  await database.drop();
});

async function postern(args: readonly string[], settings: Record<string, string> = {}) {
  const env = { DATABASE_URL: database.url, SECRET: testSecret, ...settings };
  return runner.run([...args], { cwd: await runner.folder(), env });
}

test('list shows every partition with its dates', async () => {
  const { code, stdout } = await postern(['partitions', 'list']);
  expect(code).toBe(0);
  for (const table of ['audit_entries', 'outbox_mails']) {
    for (const name of await partitionsOf(database, table)) expect(stdout).toContain(`${name} `);
  }
  const month = new Date().toISOString().slice(0, 7);
  expect(stdout).toMatch(
    new RegExp(`audit_entries_${month.replace('-', '_')}  ${month}-01\\.\\.\\d{4}-\\d\\d-01  about \\d+ rows`),
  );
  expect(stdout).toContain('audit_entries_default  every other time');
});

test('create adds the requested number of partitions ahead, once', async () => {
  const before = (await partitionsOf(database, 'audit_entries')).length;
  const { code, stdout } = await postern(['partitions', 'create', '--ahead', '6']);
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^Created in database .+: audit_entries_/),
  });
  expect(await partitionsOf(database, 'audit_entries')).toHaveLength(before + 3);
  expect(await postern(['partitions', 'create', '--ahead', '6'])).toMatchObject({
    code: 0,
    stdout: 'No partition was missing.\n',
  });
});

test.each(['0', '61', '-1', 'x', '1.5'])('create refuses --ahead %s', async (ahead) => {
  expect(await postern(['partitions', 'create', `--ahead=${ahead}`])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Enter a number from 1 to 60.'),
  });
});

test('a database without partitions is reported, with what to do', async () => {
  await database.drop();
  database = await createTestDatabase({ empty: true });
  await migrate({ url: database.url, partitions: 'off' });
  expect(await postern(['partitions', 'create'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('PARTITIONS=on'),
  });
  const { stdout } = await postern(['partitions', 'list']);
  expect(stdout).toContain('audit_entries is not partitioned');
});

test('/readyz is degraded while the current time has no partition, and says what to do', async () => {
  const [current] = await database.query<{ name: string }>(
    `select to_char(now() at time zone 'UTC', '"audit_entries_"YYYY_MM') as name`,
  );
  await database.query(`drop table ${current?.name}`);
  const port = await freePort();
  const env = { DATABASE_URL: database.url, SECRET: testSecret, PORT: String(port) };
  await runner.start(['serve'], { cwd: await runner.folder(), env }).says('Postern serves');
  const ready = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: response.status, text: await response.text() };
  };
  expect(await ready()).toEqual({
    status: 200,
    text: expect.stringMatching(
      /^partitions: degraded \(none for the current time in audit_entries: run "postern partitions create"\)$/m,
    ),
  });
  await postern(['partitions', 'create']);
  expect((await ready()).text).toMatch(/^partitions: ok \(none is missing\)$/m);
});
