/** The audit trail after a process was killed while sealing, and after the purge of an account. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { endpointAt } from '../support/gateway/endpoint.ts';
import { goodPassword, testSecret, withRefreshToken } from '../support/gateway/gateway.ts';
import { DeleteAccountDocument, FullLoginDocument, RegisterDocument } from '../support/generated/graphql.ts';
import { createProcessRunner, type ProcessResult, type RunningProcess } from '../support/processes/processes.ts';
import { until } from '../support/races/until.ts';
import { freePort } from '../support/servers/free-port.ts';

// Each process takes a second or two to load, and the machine may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const runner = createProcessRunner();
let database: TestDatabase;
let folder: string;
let env: Record<string, string>;
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await runner.folder();
  env = { DATABASE_URL: database.url, SECRET: testSecret, EMAIL_VERIFICATION: 'off' };
});
afterEach(async () => {
  await runner.clear();
  await database.drop();
});

const postern = (...args: string[]): Promise<ProcessResult> => runner.run(args, { cwd: folder, env });

/** Without configuration: only the files of the folder. */
const auditor = (file: string) =>
  runner.run(['audit', 'verify', '--file', file, '--public-key', 'key.pem', '--checkpoint', 'checkpoint.json'], {
    cwd: folder,
    env: { NODE_ENV: 'production' },
  });

async function keep(name: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await postern(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  await writeFile(join(folder, name), stdout);
  return stdout;
}

async function serve(): Promise<{ process: RunningProcess; port: number }> {
  const port = await freePort();
  const process = runner.start(['serve'], { cwd: folder, env: { ...env, PORT: String(port) } });
  await process.says('Postern serves');
  return { process, port };
}

interface Ends {
  entries: number;
  seals: number;
  signed: number;
}

async function readEnds(): Promise<Ends> {
  const [row] = await database.query<Ends>(
    `select (select count(*)::int from audit_entries) as entries, (select count(*)::int from audit_seals) as seals,
            (select coalesce(max(seq), 0)::int from audit_checkpoints) as signed`,
  );
  if (!row) throw new Error('counting gave nothing');
  return row;
}

/** Cheap enough for polling. */
async function readSealed(): Promise<number> {
  const [row] = await database.query<{ sealed: number }>(
    'select coalesce(max(seq), 0)::int as sealed from audit_seals',
  );
  return row?.sealed ?? 0;
}

test('a process killed while sealing leaves no partial seal, and another process continues', async () => {
  await postern('users', 'create', '--email', 'ada@example.com', '--role', 'USER');
  await keep('checkpoint.json', 'audit', 'checkpoint');
  await database.query(
    `insert into audit_entries (id, occurred_at, action, outcome, request_id, personal_salt, personal_hash, details)
     select gen_random_uuid(), now(), 'session.refreshed', 'SUCCESS', 'backlog', 'salt', sha256('salt[null,null,null]'), '{"generation": 1}'
     from generate_series(1, 10000)`,
  );
  const { process } = await serve();
  await until('the first batches', async () => (await readSealed()) > 1000, 20_000);
  process.send('SIGKILL');
  expect((await process.ended).code).toBeNull();
  // PostgreSQL has rolled back the transactions of its connections by now.
  const application = `select from pg_stat_activity where datname = current_database() and application_name = 'postern'`;
  await until('the end of its connections', async () => (await database.query(application)).length === 0);
  const killed = await readEnds();
  expect(killed.seals).toBeLessThan(killed.entries);
  expect(killed.signed).toBe(killed.seals);
  const between = await postern('audit', 'verify', '--checkpoint', 'checkpoint.json');
  expect(between).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Whole: .+\nNot sealed yet: \d+\.\n$/) });

  await Promise.all([serve(), serve()]);
  await until('the last seal', async () => (await readSealed()) >= killed.entries, 60_000);
  expect(await postern('audit', 'verify', '--checkpoint', 'checkpoint.json')).toMatchObject({ code: 0 });
  const { entries, seals, signed } = await readEnds();
  expect({ seals, signed }).toEqual({ seals: entries, signed: entries });
});

test('a purge keeps the trail whole in the database and in every export, and later exports omit the user', async () => {
  const { port } = await serve();
  const endpoint = endpointAt(port);
  const email = 'leaving@example.com';
  await endpoint.send(RegisterDocument, { input: { email, password: goodPassword } });
  const { login } = await endpoint.send(FullLoginDocument, { input: { email, password: goodPassword } });
  await endpoint.send(
    DeleteAccountDocument,
    { input: { password: goodPassword } },
    withRefreshToken(login).accessToken,
  );
  await keep('key.pem', 'audit', 'key');
  await keep('checkpoint.json', 'audit', 'checkpoint');
  const before = await keep('before.ndjson', 'audit', 'export');
  expect(before).toContain('"ipAddress":"127.0.0.1"');

  // As after the time to restore it.
  await database.query(`update users set deleted_at = deleted_at - interval '31 days' where email = $1`, [email]);
  expect((await postern('cleanup')).stdout).toContain('users: 1');
  expect(await database.query('select from users')).toEqual([]);

  const whole = { code: 0, stderr: '', stdout: expect.stringMatching(/^Whole: /) };
  expect(await postern('audit', 'verify', '--checkpoint', 'checkpoint.json')).toMatchObject(whole);
  const after = await keep('after.ndjson', 'audit', 'export');
  expect(after).not.toContain('127.0.0.1');
  expect(after).toContain('user.purged');
  // The hashes are the same, because the purge does not change them.
  const hashesIn = (text: string) => [...text.matchAll(/"sequence":(\d+),"hash":"(\w+)"/g)].map(([all]) => all);
  expect(hashesIn(after).slice(0, hashesIn(before).length)).toEqual(hashesIn(before));
  for (const file of ['before.ndjson', 'after.ndjson']) expect(await auditor(file)).toMatchObject(whole);
  // A change of an emptied column is detected.
  const edited = (await readFile(join(folder, 'after.ndjson'), 'utf8')).replace(
    '"ipAddress":null',
    '"ipAddress":"192.0.2.7"',
  );
  await writeFile(join(folder, 'edited.ndjson'), edited);
  expect(await auditor('edited.ndjson')).toMatchObject({ code: 1, stdout: expect.stringMatching(/^CHANGED: /) });
});
