/** The messages for a wrong setting or a missing dependency: plain sentences without secrets. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { createProcessRunner, databaseProcess, isRunning, type ProcessResult } from '../support/processes/processes.ts';
import { freePort } from '../support/servers/free-port.ts';

// Each process takes a second or two to load, on a busy machine more than ten, and a test starts up to six.
vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
afterEach(() => runner.clear());

const commands = [
  ['serve'],
  ['migrate'],
  ['migrate', '--check'],
  ['keys', 'list'],
  ['keys', 'rotate'],
  ['users', 'create', '--email', 'ada@example.com', '--role', 'USER'],
].map((args) => [args.join(' '), args] as const);

/** One line that begins with the name of the program, no stack, and exit code 1. */
function expectPlainRefusal({ code, stdout, stderr }: ProcessResult, sentence: RegExp): void {
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(sentence)]);
  expect(stderr).toMatch(/^postern: /);
  expect(stderr).not.toMatch(/^\s+at |Error:/m);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

describe('the configuration', () => {
  const wrong = {
    NODE_ENV: 'prod',
    PORT: '99999',
    PUBLIC_URL: 'auth.example.com',
    APP_URL: 'ftp://app.example.com',
    DATABASE_URL: 'mysql://root:planted-database-password@db/postern',
    DATABASE_POOL_MAX: 'many',
    SMTP_URL: 'http://mail:planted-mail-password@mail.example.com',
    MAIL_FROM: 'nobody',
    SECRET: 'planted-secret',
    SECRET_PREVIOUS: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    CORS_ORIGINS: '*',
    TRUSTED_PROXIES: '10.0.0.0/99',
    EMAIL_VERIFICATION: 'maybe',
    PASSWORD_POLICY: 'lax',
    ACCESS_TOKEN_TTL: '900',
    REFRESH_TOKEN_TTL: '7 days',
    REFRESH_GRACE: '2h',
    ARGON2_MEMORY_KIB: '1',
    ARGON2_PASSES: '0',
    SANDBOX: 'yes',
    INTROSPECTION: '1',
    LOG_LEVEL: 'loud',
  };

  test('every wrong setting is reported at once with advice, and no value is shown', async () => {
    const { code, stdout, stderr } = await runner.run(['serve'], { env: wrong });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [headline, ...lines] = stderr.trimEnd().split('\n');
    expect(headline).toBe('postern: Invalid configuration:');
    expect(lines.map((line) => /^ {2}(\w+): use \S/.exec(line)?.[1]).sort()).toEqual(Object.keys(wrong).sort());
    for (const value of ['planted', wrong.SECRET_PREVIOUS, 'mysql', 'ftp', 'loud', '99999']) {
      expect(stderr).not.toContain(value);
    }
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each(commands)('postern %s exits with 2 for a wrong setting', async (_name, args) => {
    const { code, stderr } = await runner.run(args, { env: { PORT: 'none' } });
    expect(code).toBe(2);
    expect(stderr).toContain('  PORT: use ');
  });

  // A bundler that removes a decoding whose result is unused removes the check with it.
  test.each([
    ['REDIS_URL', 'redis://:planted-p%rd@127.0.0.1'],
    ['SMTP_URL', 'smtp://ada:planted-p%rd@127.0.0.1'],
  ])('%s with a literal %% is refused with advice', async (name, url) => {
    const { code, stderr } = await runner.run(['serve'], { env: { [name]: url } });
    expect(code).toBe(2);
    expect(stderr).toContain(`  ${name}: encode a literal % as %25`);
    expect(stderr).not.toContain('planted');
  });

  test('production names every missing setting', async () => {
    const { code, stdout, stderr } = await runner.run(['serve'], { env: { NODE_ENV: 'production' } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const named = stderr
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => /^ {2}(\w+): is missing; \S/.exec(line)?.[1]);
    expect(named.sort()).toEqual(['DATABASE_URL', 'MAIL_FROM', 'PUBLIC_URL', 'SECRET', 'SMTP_URL']);
  });

  test('production reports missing and wrong settings together', async () => {
    const env = { NODE_ENV: 'production', SECRET: 'planted-secret', ACCESS_TOKEN_TTL: '15' };
    const { code, stderr } = await runner.run(['serve'], { env });
    expect(code).toBe(2);
    for (const name of ['SECRET', 'ACCESS_TOKEN_TTL', 'DATABASE_URL', 'SMTP_URL', 'MAIL_FROM', 'PUBLIC_URL']) {
      expect(stderr).toContain(`  ${name}: `);
    }
    expect(stderr).not.toContain('planted');
  });

  test('a refused configuration creates nothing in the folder', async () => {
    const cwd = await runner.folder();
    await runner.run(['serve'], { cwd, env: { PORT: 'none' } });
    expect(await databaseProcess(cwd)).toBeNull();
    expect((await runner.run(['schema'], { cwd })).code).toBe(0);
  });
});

describe('the database', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase({ empty: true });
  });
  afterEach(() => database.drop());

  function environment(url = database.url): Record<string, string> {
    return { DATABASE_URL: url, SECRET: testSecret, PORT: '0' };
  }

  function changed(change: (url: URL) => void): string {
    const url = new URL(database.url);
    change(url);
    return url.href;
  }

  test.each(commands)('postern %s reports that no server answers at the address', async (_name, args) => {
    const port = await freePort();
    const env = environment(
      changed((url) => {
        url.port = String(port);
      }),
    );
    expectPlainRefusal(await runner.run(args, { env }), /does not answer at the address of DATABASE_URL: start it/);
  });

  test('a connection that stays silent ends by timeout', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const address = silent.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      const env = environment(`postgresql://postern:secret@127.0.0.1:${port}/postern`);
      const process = runner.start(['serve'], { env });
      expectPlainRefusal(await process.endsWithin(30_000), /does not answer at the address of DATABASE_URL/);
    } finally {
      silent.close();
    }
  });

  test('a wrong password is reported as such, and not shown', async () => {
    const env = environment(
      changed((url) => {
        url.password = 'planted-password';
      }),
    );
    for (const args of [['serve'], ['migrate'], ['keys', 'list']]) {
      const result = await runner.run(args, { env });
      expectPlainRefusal(result, /refuses the user or the password of DATABASE_URL: correct DATABASE_URL/);
      expect(result.stderr).not.toContain('planted');
    }
  });

  test('an unknown user is reported like a wrong password', async () => {
    const env = environment(
      changed((url) => {
        url.username = 'nobody';
      }),
    );
    expectPlainRefusal(await runner.run(['serve'], { env }), /refuses the user or the password of DATABASE_URL/);
  });

  test('a missing database is reported as such, and not created', async () => {
    const name = `missing_${randomBytes(6).toString('hex')}`;
    const env = environment(
      changed((url) => {
        url.pathname = name;
      }),
    );
    try {
      for (const args of [['serve'], ['migrate'], ['migrate', '--check'], ['keys', 'list']]) {
        const result = await runner.start(args, { env }).endsWithin(30_000);
        expectPlainRefusal(result, /database that DATABASE_URL names does not exist: create it/);
      }
      expect(await database.query('select 1 from pg_database where datname = $1', [name])).toEqual([]);
    } finally {
      await runner.clear();
      await database.query(`drop database if exists ${name} with (force)`);
    }
  });

  test('an unreachable address is reported the same way from a folder with the migrations', async () => {
    const port = await freePort();
    const env = environment(
      changed((url) => {
        url.port = String(port);
      }),
    );
    const cwd = new URL('../..', import.meta.url).pathname;
    expectPlainRefusal(await runner.run(['migrate', '--check'], { cwd, env }), /does not answer at the address/);
  });

  test('a failed migration is explained, and leaves no partial change', async () => {
    await database.query('create table users (id int)');
    for (const args of [['migrate'], ['serve']]) {
      const result = await runner.run(args, { env: environment() });
      expectPlainRefusal(result, /migration .*users/);
      expect(result.stderr).not.toMatch(/create table/i);
    }
    // MikroORM's table of applied migrations may exist; a row of this migration and its effects do not.
    const tables = await database.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    expect(tables.map(({ name }) => name).filter((name) => name !== 'schema_migrations')).toEqual(['users']);
    await database.query('drop table users');
    expect(await runner.run(['migrate'], { env: environment() })).toMatchObject({ code: 0, stderr: '' });
  });

  test('a SECRET other than that of the database is reported before the gateway serves', async () => {
    expect(await runner.run(['migrate'], { env: environment() })).toMatchObject({ code: 0 });
    expect(await runner.run(['keys', 'rotate'], { env: environment() })).toMatchObject({ code: 0 });
    const other = { ...environment(), SECRET: randomBytes(32).toString('base64') };
    for (const args of [['serve'], ['keys', 'rotate']]) {
      const result = await runner.run(args, { env: other });
      expectPlainRefusal(result, /SECRET does not match this database: set SECRET/);
      expect(result.stderr).not.toContain(other.SECRET);
    }
    const rotating = { ...other, SECRET_PREVIOUS: testSecret, PORT: String(await freePort()) };
    const process = runner.start(['serve'], { env: rotating });
    await process.says('Postern serves');
    process.send('SIGTERM');
    expect((await process.ended).code).toBe(0);
  });

  const listeners = [
    { setting: 'PORT', host: '127.0.0.1' },
    { setting: 'METRICS_PORT', host: '127.0.0.1' },
  ];
  test.each(listeners)(
    '$setting in use is reported with its number, and the process exits',
    async ({ setting, host }) => {
      const { port, close } = await occupy(host);
      try {
        const env = { ...environment(), PORT: '0', [setting]: String(port) };
        const started = runner.start(['serve'], { env });
        expectPlainRefusal(
          await started.endsWithin(30_000),
          new RegExp(`^postern: ${setting} ${port} is in use: .* set ${setting} `),
        );
      } finally {
        close();
      }
    },
  );

  test.each([['PORT'], ['METRICS_PORT']])('a HOST that this machine lacks is reported, for %s too', async (setting) => {
    const port = String(await freePort());
    const env = { ...environment(), PORT: '0', [setting]: port, HOST: '203.0.113.7' };
    const started = runner.start(['serve'], { env });
    expectPlainRefusal(
      await started.endsWithin(30_000),
      /^postern: HOST 203\.0\.113\.7 is not an address of this machine: set HOST /,
    );
  });
});

test.each([['PORT'], ['METRICS_PORT']])(
  'a failed start (%s) stops the PostgreSQL that it started',
  { timeout: 90_000 },
  async (setting) => {
    const cwd = await runner.folder();
    const { port, close } = await occupy('127.0.0.1');
    try {
      const started = runner.start(['serve'], { cwd, env: { PORT: '0', [setting]: String(port) } });
      expectPlainRefusal(await started.endsWithin(45_000), new RegExp(`^postern: ${setting} ${port} is in use`));
      expect(isRunning(started.pid)).toBe(false);
      expect(await databaseProcess(cwd)).toBeNull();
    } finally {
      close();
    }
  },
);

test.each([
  ['no longer exists', '/proc', {}],
  ['no longer exists, for the database alone', '/proc', { SECRET: testSecret }],
])('a working folder that %s is reported with advice', async (_name, cwd, env) => {
  const result = await runner.run(['serve'], { cwd, env: { PORT: '0', ...env } });
  expectPlainRefusal(
    result,
    /^postern: the folder \/proc\/\.postern cannot be used \(ENOENT\): start in a folder that this user can write to/,
  );
});

test('a file in place of the development folder is reported with advice', async () => {
  const cwd = await runner.folder();
  await writeFile(join(cwd, '.postern'), '');
  const result = await runner.run(['serve'], { cwd, env: { PORT: '0' } });
  expectPlainRefusal(result, /^postern: the folder .*\/\.postern cannot be used \(\w+\): start in a folder/);
});

async function occupy(host: string): Promise<{ port: number; close(): void }> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { port, close: () => server.close() };
}
