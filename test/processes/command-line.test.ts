/** The output of each command, its stream, and its exit code. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { endpointAt, signInAt, viewerAt } from '../support/gateway/endpoint.ts';
import { goodPassword, refusal, testSecret } from '../support/gateway/gateway.ts';
import { ResetPasswordDocument } from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import { createProcessRunner, type ProcessResult, type StartOptions } from '../support/processes/processes.ts';
import { freePort } from '../support/servers/free-port.ts';

// Each process takes a second or two to load, on a busy machine more than ten, and a test starts up to six.
vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await runner.clear();
  await database.drop();
});

function environment(): Record<string, string> {
  return {
    DATABASE_URL: database.url,
    SECRET: testSecret,
    APP_URL: 'https://app.example.com',
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_PASSES: '1',
  };
}

function postern(args: readonly string[], options: Omit<StartOptions, 'env'> = {}): Promise<ProcessResult> {
  return runner.run(args, { ...options, env: environment() });
}

async function serve() {
  const port = await freePort();
  const process = runner.start(['serve'], { env: { ...environment(), PORT: String(port) } });
  await process.says('Postern serves');
  return endpointAt(port);
}

function createUser(email: string, role: string, password?: string): Promise<ProcessResult> {
  const args = ['users', 'create', '--email', email, '--role', role];
  return password === undefined ? postern(args) : postern([...args, '--password-stdin'], { input: `${password}\n` });
}

/** A refusal with advice: one line that begins with the name of the program, without a stack. */
function expectOneLine({ stderr, stdout }: ProcessResult, line: RegExp): void {
  expect(stdout).toBe('');
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
  expect(stderr).not.toMatch(/^\s+at /m);
}

async function emptied(): Promise<void> {
  await database.drop();
  database = await createTestDatabase({ empty: true });
}

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
}

describe('help', () => {
  const commands = [
    [[], ['serve', 'migrate', 'users', 'keys', 'schema', '--debug']],
    [['serve'], ['--no-migrate']],
    [['migrate'], ['--check', '--plan']],
    [['users'], ['create']],
    [
      ['users', 'create'],
      ['--email', '--role', '--password-stdin', 'invitation'],
    ],
    [['keys'], ['list', 'rotate', 'revoke']],
    [['keys', 'list'], ['state']],
    [
      ['keys', 'rotate'],
      ['next key', '--force'],
    ],
    [['keys', 'revoke'], ['<kid>']],
    [['doctor'], ['--json', '--only', '--mail-to', 'database']],
    [['schema'], ['GraphQL']],
  ] as const;
  test.each(commands)('postern %j --help prints its help on standard output and exits with 0', async (args, words) => {
    const { code, stdout, stderr } = await postern([...args, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${['postern', ...args].join(' ')}`);
    for (const word of words) expect(stdout).toContain(word);
  });
});

describe('wrong usage', () => {
  const mistakes = [
    [['frobnicate'], /frobnicate/],
    [['migrat'], /migrat/],
    [['serve', '--frobnicate'], /--frobnicate/],
    [['migrate', '--chekc'], /--chekc/],
    [['users', 'frobnicate'], /frobnicate/],
    [['users', 'create', '--role', 'USER'], /--email/],
    [['users', 'create', '--email', 'ada@example.com'], /--role/],
    [['users', 'create', '--role', 'USER', '--email'], /--email/],
    [['keys', 'list', 'extra'], /extra/],
    [['schema', 'extra'], /extra/],
  ] as const;
  test.each(mistakes)('postern %j exits with 2 and one line that names the mistake', async (args, line) => {
    const result = await postern(args);
    expect(result.code).toBe(2);
    expectOneLine(result, line);
  });

  test.each([[[]], [['users']], [['keys']]])('postern %j alone exits with 2 and lists the commands', async (args) => {
    const { code, stdout, stderr } = await postern(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: postern');
  });
});

describe('migrate', () => {
  test('migrate updates an empty database to this version, once', async () => {
    await emptied();
    const first = await postern(['migrate']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Applied to database \w+ at 127\.0\.0\.1:\d+: \d{14}-initial/);
    expect(await tables()).toContain('users');
    const again = await postern(['migrate']);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toMatch(/^No migration was pending in database \w+ at 127\.0\.0\.1:\d+\.\n$/);
  });

  test('migrate --check exits with 1, names the pending migrations, and changes nothing', async () => {
    await emptied();
    const check = await postern(['migrate', '--check']);
    expect(check).toMatchObject({ code: 1, stderr: '' });
    expect(check.stdout).toMatch(/^Pending: \d{14}-initial/);
    expect(await tables()).toEqual([]);
  });

  test('migrate --check exits with 0 when nothing is pending', async () => {
    expect(await postern(['migrate', '--check'])).toEqual({
      code: 0,
      stdout: 'No migration is pending.\n',
      stderr: '',
    });
  });

  test('migrate --plan exits with 1, prints the locks of pending migrations, and changes nothing', async () => {
    const [pending, index] = ['20261128070000-growth-indexes', 'users_small_sample_by_name'];
    await database.query('delete from schema_migrations where name = $1', [pending]);
    await database.query(`drop index ${index}`);
    const plan = await postern(['migrate', '--plan']);
    expect(plan).toMatchObject({ code: 1, stderr: '' });
    expect(plan.stdout).toMatch(new RegExp(`^${pending} \\(statements outside of a transaction\\)$`, 'm'));
    expect(plan.stdout).toMatch(/^ {2}SHARE UPDATE EXCLUSIVE on users/m);
    expect(await database.query('select 1 from pg_class where relname = $1', [index])).toEqual([]);
    await postern(['migrate']);
    expect(await postern(['migrate', '--plan'])).toMatchObject({ code: 0, stdout: 'No migration is pending.\n' });
  });

  test('two concurrent migrate commands apply each migration once', async () => {
    await emptied();
    const both = await Promise.all([postern(['migrate']), postern(['migrate'])]);
    expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(2).fill({ code: 0, stderr: '' }));
    expect(both.filter(({ stdout }) => stdout.startsWith('Applied to '))).toHaveLength(1);
    expect(both.filter(({ stdout }) => stdout.startsWith('No migration was pending'))).toHaveLength(1);
  });

  test('serve --no-migrate changes nothing in an unmigrated database', async () => {
    await emptied();
    const result = await postern(['serve', '--no-migrate']);
    expect(result.code).toBe(1);
    expectOneLine(result, /^postern: .*postern migrate/);
    expect(await tables()).toEqual([]);
  });
});

describe('users create', () => {
  test('with a password on standard input it creates an active SUPER_ADMIN that can sign in', async () => {
    const created = await createUser(' Ada@Example.com ', 'SUPER_ADMIN', goodPassword);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(created.stdout).toMatch(
      /^Created ada@example\.com \([0-9a-f-]{36}\) in database \w+ at 127\.0\.0\.1:\d+\.\n$/,
    );
    const endpoint = await serve();
    const { accessToken } = await signInAt(endpoint, 'ada@example.com');
    expect(await viewerAt(endpoint, accessToken)).toMatchObject({ emailVerified: true, role: { name: 'SUPER_ADMIN' } });
    const entries = await auditTrail(database, 'user.created');
    expect(entries.map(({ details }) => details)).toEqual([{ role: 'SUPER_ADMIN', through: 'command_line' }]);
  });

  test('only the first line is the password, without its line end', async () => {
    const inputs = { dos: `${goodPassword}\r\nmore\r\n`, bare: goodPassword, marked: `\u{FEFF}${goodPassword}\r\n` };
    for (const [name, input] of Object.entries(inputs)) {
      const args = ['users', 'create', '--role', 'USER', '--password-stdin', '--email', `${name}@example.com`];
      expect(await postern(args, { input })).toMatchObject({ code: 0, stderr: '' });
    }
    const endpoint = await serve();
    for (const name of Object.keys(inputs)) {
      expect((await signInAt(endpoint, `${name}@example.com`)).viewer.email).toBe(`${name}@example.com`);
    }
  });

  test('a password typed at a terminal is accepted without the end of input', async () => {
    const args = ['users', 'create', '--role', 'USER', '--password-stdin', '--email', 'typed@example.com'];
    const typed = runner.start(args, { env: environment(), input: `${goodPassword}\n`, keepsInputOpen: true });
    expect(await typed.endsWithin(30_000)).toMatchObject({ code: 0, stderr: '' });
  });

  test('without a password it prints an invitation link that works once', async () => {
    const { code, stdout, stderr } = await createUser('grace@example.com', 'ADMIN');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Created grace@example.com');
    const token = /^https:\/\/app\.example\.com\/accept-invitation#token=([\w-]{43})$/m.exec(stdout)?.[1] ?? '';
    expect(stdout).toMatch(/until \d{4}-\d\d-\d\dT/);

    const endpoint = await serve();
    expect(await refusal(signInAt(endpoint, 'grace@example.com'))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    const accept = () => endpoint.send(ResetPasswordDocument, { input: { token, newPassword: goodPassword } });
    expect(await accept()).toEqual({ resetPassword: { reset: true } });
    const { accessToken } = await signInAt(endpoint, 'grace@example.com');
    expect(await viewerAt(endpoint, accessToken)).toMatchObject({ emailVerified: true, role: { name: 'ADMIN' } });
    expect(await refusal(accept())).toMatchObject({ code: 'INVALID_TOKEN' });
  });

  test('an unknown role is wrong usage, and the message names the roles', async () => {
    const result = await createUser('ada@example.com', 'EMPEROR', goodPassword);
    expect(result.code).toBe(2);
    expectOneLine(result, /^postern: role: .*SUPER_ADMIN.*USER/);
  });

  test('a malformed address is wrong usage', async () => {
    const result = await createUser('not an address', 'USER', goodPassword);
    expect(result.code).toBe(2);
    expectOneLine(result, /^postern: email: /);
  });

  test('a weak password is refused with one line for each reason, and is not shown', async () => {
    const weak = 'qwertz';
    const result = await createUser('ada@example.com', 'USER', weak);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    const lines = result.stderr.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^postern: password: /);
    expect(result.stderr).not.toContain(weak);
    expect(await database.query('select id from users')).toEqual([]);
  });

  test('an empty standard input is a weak password, not an invitation', async () => {
    const result = await createUser('ada@example.com', 'USER', '');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('postern: password: ');
  });

  test('a taken address is reported, and its owner keeps the password and the role', async () => {
    await createUser('ada@example.com', 'USER', goodPassword);
    for (const password of [undefined, `${goodPassword} 2`]) {
      const result = await createUser('ADA@example.com', 'SUPER_ADMIN', password);
      expect(result.code).toBe(1);
      expectOneLine(result, /^postern: .*already exists/);
    }
    const endpoint = await serve();
    const { accessToken } = await signInAt(endpoint, 'ada@example.com');
    expect((await viewerAt(endpoint, accessToken))?.role.name).toBe('USER');
  });
});

describe('keys', () => {
  const keyLine = /^[\w-]+ {2}(active|next|retired) {2,}since \d{4}-\d\d-\d\dT[\d:.]+Z$/;

  test('keys list shows each key with its state and its time', async () => {
    await serve();
    const { code, stdout, stderr } = await postern(['keys', 'list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => keyLine.exec(line)?.[1]).sort()).toEqual(['active', 'next']);
  });

  test('keys rotate reports when rotation is possible, and exits with 0', async () => {
    const { code, stdout, stderr } = await postern(['keys', 'rotate']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const possibleAt = Date.parse(/possible from (\S+Z)/.exec(stdout)?.[1] ?? '');
    expect(possibleAt).toBeGreaterThan(Date.now());
    expect(possibleAt).toBeLessThan(Date.now() + 3_600_000);
  });

  test('keys rotate lets the next key sign after its publication period, and every session stays valid', async () => {
    await createUser('ada@example.com', 'USER', goodPassword);
    const endpoint = await serve();
    const { accessToken } = await signInAt(endpoint, 'ada@example.com');
    const kidOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid;
    await database.query(`update signing_keys set created_at = created_at - interval '1 hour'`);
    const [next] = await database.query<{ kid: string }>(`select kid from signing_keys where state = 'next'`);
    const rotated = await postern(['keys', 'rotate']);
    expect(rotated).toEqual({
      code: 0,
      stdout: expect.stringContaining(`${next?.kid} signs now; ${kidOf(accessToken)} is retired. Changed database `),
      stderr: '',
    });
    expect(await viewerAt(endpoint, accessToken)).toMatchObject({ email: 'ada@example.com' });
    const { stdout } = await postern(['keys', 'list']);
    const states = stdout
      .trimEnd()
      .split('\n')
      .map((line) => keyLine.exec(line)?.[1]);
    expect(states.sort()).toEqual(['active', 'next', 'retired']);
  });

  test('keys rotate --force and keys revoke take effect at once, with a warning about cached key sets', async () => {
    await createUser('ada@example.com', 'USER', goodPassword);
    const endpoint = await serve();
    const session = await signInAt(endpoint, 'ada@example.com');
    const rotated = await postern(['keys', 'rotate', '--force']);
    expect(rotated).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Warning: .* cache the key set /) });
    const [, active = '', retired = ''] = /^(\S+) signs now; (\S+) is retired/.exec(rotated.stdout) ?? [];
    expect(await viewerAt(endpoint, session.accessToken)).toMatchObject({ email: 'ada@example.com' });
    const revoked = await postern(['keys', 'revoke', retired]);
    expect(revoked).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${retired} is revoked (it was retired). Changed database `),
    });
    expect(revoked.stderr).toMatch(/^Warning: .* cache the key set /);
    const refused = await refusal(viewerAt(endpoint, session.accessToken));
    expect(refused).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
    expect(await endpoint.read('/.well-known/jwks.json')).not.toContain(retired);
    const replaced = await postern(['keys', 'revoke', active]);
    expect(replaced.stdout).toMatch(
      /^\S+ is revoked \(it was active\)\. Changed database \w+ at 127\.0\.0\.1:\d+\.\n\S+ signs now\.\n$/,
    );
    expectOneLine(await postern(['keys', 'revoke', 'unknown']), /^postern: Key not found/);
    expectOneLine(await postern(['keys', 'revoke', '-unknown']), /Write -- before an argument that begins with -$/m);
    expectOneLine(await postern(['keys', 'revoke', '--', '-unknown']), /^postern: Key not found/);
  });

  test('keys list in a database without tables reports what to do', async () => {
    await emptied();
    const result = await postern(['keys', 'list']);
    expect(result.code).toBe(1);
    expectOneLine(result, /^postern: .*postern migrate/);
  });
});

test.each([
  ['schema.graphql', []],
  ['subgraph.graphql', ['--subgraph']],
  ['permissions.md', ['--permissions']],
])('schema prints the committed %s, without a database and in any environment', async (file, options) => {
  const committed = await readFile(resolve(import.meta.dirname, '../../schema', file), 'utf8');
  const nowhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing', NODE_ENV: 'production', PORT: 'none' };
  for (const env of [{}, nowhere]) {
    expect(await runner.run(['schema', ...options], { env })).toEqual({ code: 0, stdout: committed, stderr: '' });
  }
});

test('a stack is shown with --debug only, before or after the command', async () => {
  const env = { ...environment(), DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' };
  for (const args of [
    ['--debug', 'keys', 'list'],
    ['keys', 'list', '--debug'],
  ]) {
    const { code, stderr } = await runner.run(args, { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^\s+at /m);
  }
  const plain = await runner.run(['keys', 'list'], { env });
  expect(plain.code).toBe(1);
  expectOneLine(plain, /^postern: the database does not answer/);
});
