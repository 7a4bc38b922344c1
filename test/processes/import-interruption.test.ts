/** An import that is killed, repeated, run twice at once or cut from its database: every user is there exactly once. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner } from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';

vi.setConfig({ testTimeout: 120_000 });
const rows = 10_000;
const batch = 500;
const runner = createProcessRunner();
let database: TestDatabase;
let serial = 0;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
afterEach(() => runner.clear());

/** A file of users that no other test has. */
async function usersFile(count = rows): Promise<{ path: string; report: string; domain: string }> {
  serial += 1;
  const domain = `file${serial}.example.com`;
  const folder = await runner.folder();
  const line = (row: number) =>
    JSON.stringify({
      id: `${domain}/${row}`,
      email: `user${row}@${domain}`,
      email_confirmed_at: '2023-01-02T03:04:05Z',
    });
  await writeFile(join(folder, 'users'), Array.from({ length: count }, (_, row) => `${line(row)}\n`).join(''));
  return { path: join(folder, 'users'), report: join(folder, 'report'), domain };
}

function start(path: string, ...args: string[]) {
  const env = { DATABASE_URL: database.url, SECRET: testSecret, APP_URL: 'https://app.example.com' };
  return runner.start(['users', 'import', '--from', 'supabase', path, ...args], { env });
}

async function reportedIn(report: string): Promise<{ line: number; result: string; reason?: string }[]> {
  const text = await readFile(report, 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

async function countOf(domain: string): Promise<{ users: number; origins: number; created: number }> {
  const [row] = await database.query<{ users: number; origins: number; created: number }>(
    `select count(*)::int as users,
       (select count(*)::int from imported_users i join users u on u.id = i.user_id where u.email like $1) as origins,
       (select count(*)::int from audit_entries a join users u on u.id::text = a.target_id::text
        where a.action = 'user.created' and u.email like $1) as created
     from users where email like $1`,
    [`%@${domain}`],
  );
  return row ?? { users: 0, origins: 0, created: 0 };
}

const all = { users: rows, origins: rows, created: rows };

test('an import that was killed continues when it is run again', async () => {
  const { path, report, domain } = await usersFile();
  const first = start(path, '--report', report);
  await until('the first rows', async () => (await reportedIn(report)).length > 0, 30_000);
  first.send('SIGKILL');
  await first.ended;
  const interrupted = await countOf(domain);
  expect(interrupted.users).toBeGreaterThan(0);
  expect(interrupted.users).toBeLessThan(rows);
  // Whole batches, each with its origins and its audit entries.
  expect(interrupted).toEqual({ users: interrupted.users, origins: interrupted.users, created: interrupted.users });
  expect(interrupted.users % batch).toBe(0);
  const second = await start(path, '--report', report).ended;
  expect(second).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(
      `${rows} users read: ${rows - interrupted.users} created, 0 linked, ${interrupted.users} skipped, 0 failed.`,
    ),
  });
  expect(await countOf(domain)).toEqual(all);
  const third = await start(path).ended;
  expect(third).toMatchObject({ code: 0, stdout: expect.stringContaining(`0 created, 0 linked, ${rows} skipped`) });
});

test('two imports of one file at once create every user once', async () => {
  const { path, domain } = await usersFile();
  const ends = await Promise.all([start(path).ended, start(path).ended]);
  expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  const created = ends.map(({ stdout }) => Number(/(\d+) created/.exec(stdout)?.[1]));
  expect(created.reduce((sum, each) => sum + each)).toBe(rows);
  expect(await countOf(domain)).toEqual(all);
});

test('an import without its database stops with the last finished line', async () => {
  const { path, report, domain } = await usersFile();
  const running = start(path, '--report', report);
  await until('the first rows', async () => (await reportedIn(report)).length > 0, 30_000);
  // No connection to a database can be refused from within it.
  const name = database.url.split('/').at(-1);
  const client = new pg.Client(database.url.replace(/[^/]+$/, 'postgres'));
  await client.connect();
  await client.query(`alter database ${name} allow_connections false`);
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  const { code, stderr } = await running.ended;
  await client.query(`alter database ${name} allow_connections true`);
  await client.end();
  expect(code).toBe(1);
  const finished = Number(/stopped after line (\d+); run the command again/.exec(stderr)?.[1]);
  const reported = await reportedIn(report);
  expect(reported.at(-1)?.line).toBe(finished);
  // The answer to the last commit may be lost.
  expect([finished, finished + batch]).toContain((await countOf(domain)).users);
  expect(await start(path).ended).toMatchObject({ code: 0 });
  expect(await countOf(domain)).toEqual(all);
});

describe('a dry run', () => {
  test('changes no row of any table but the two entries about itself', async () => {
    const { path } = await usersFile(1200);
    const tables = await database.query<{ name: string }>(
      `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const contents = async () => {
      const found = new Map<string, string>();
      for (const { name } of tables.filter((each) => !/^audit_|^events/.test(each.name))) {
        const [row] = await database.query<{ sum: string }>(
          `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '' order by t::text)), '') as sum from ${name} t`,
        );
        found.set(name, row?.sum ?? '');
      }
      return found;
    };
    const entries = () => database.query('select action from audit_entries order by occurred_at desc, id desc limit 2');
    const [counted] = await database.query<{ n: number }>('select count(*)::int as n from audit_entries');
    const before = await contents();
    const { code, stdout } = await start(path, '--dry-run', '--invite').ended;
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('would be 1200 created') });
    expect(await contents()).toEqual(before);
    expect(await entries()).toEqual([{ action: 'import.finished' }, { action: 'import.started' }]);
    expect(await database.query('select count(*)::int as n from audit_entries')).toEqual([
      { n: (counted?.n ?? 0) + 2 },
    ]);
  });
});

describe('invitations', () => {
  const dueTimes = async () => {
    const text = `select next_attempt_at as "dueAt" from outbox_mails where kind = 'invitation' order by 1`;
    return (await database.query<{ dueAt: Date }>(text)).map(({ dueAt }) => dueAt.getTime());
  };
  const pauses = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0));

  test('are due at most twenty a second, also those of a second import', async () => {
    const [first, second] = [await usersFile(620), await usersFile(30)];
    expect(await start(first.path, '--invite').ended).toMatchObject({ code: 0 });
    expect(await start(second.path, '--invite').ended).toMatchObject({ code: 0 });
    const times = await dueTimes();
    expect(times).toHaveLength(650);
    expect(Math.min(...pauses(times))).toBeGreaterThanOrEqual(50);
    // No longer than the pace demands.
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(650 * 50 + 10_000);
  });

  test('of two imports at once share the pace', async () => {
    const before = (await dueTimes()).length;
    const files = [await usersFile(600), await usersFile(600)];
    const ends = await Promise.all(files.map(({ path }) => start(path, '--invite').ended));
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(files.map(() => [0, '']));
    const times = await dueTimes();
    expect(times).toHaveLength(before + 1200);
    expect(Math.min(...pauses(times))).toBeGreaterThanOrEqual(50);
  });
});
