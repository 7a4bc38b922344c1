/** `postern users import`, `export` and `hashes`, on files as the other systems write them. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import bcrypt from 'bcrypt';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { goodPassword, lockoutOff, newAddress, refusal, signIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer, challenge, codeAt, enrol } from '../support/people/authenticator.ts';
import { oldPassword, storedHash } from '../support/people/imported.ts';
import { passkeyUser, signInByPasskey } from '../support/people/passkeys.ts';
import { createUser } from '../support/people/password-attempts.ts';
import { createProcessRunner, type StartOptions } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
const gateway = useGateway(lockoutOff);
const otherSecret = randomBytes(32).toString('base64');
const other = useGateway({ ...lockoutOff, SECRET: otherSecret });
let hash = '';
beforeAll(async () => {
  hash = await bcrypt.hash(oldPassword, 4);
});
afterEach(() => runner.clear());

function users(args: readonly string[], options: StartOptions = {}) {
  const env = { DATABASE_URL: gateway.database.url, SECRET: testSecret, APP_URL: 'https://app.example.com' };
  return runner.run(['users', ...args], { env, ...options });
}

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(await runner.folder(), 'users');
  await writeFile(path, content);
  return path;
}

/** Imports the lines. @returns the report */
async function importLines(from: string, lines: readonly object[], ...args: string[]) {
  const report = join(await runner.folder(), 'report');
  const file = await fileOf(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const { code, stdout, stderr } = await users(['import', '--from', from, file, '--report', report, ...args]);
  const results = (await readFile(report, 'utf8')).trim().split('\n').filter(Boolean);
  return { code, stdout, stderr, results: results.map((line) => JSON.parse(line)) };
}

const day = '2023-01-02T03:04:05.000Z';

/** Each in the shape that its documentation shows. `email` is filled in. */
const exported: Readonly<
  Record<string, (email: string) => Promise<{ line: object; password: string; args?: string[] }>>
> = {
  auth0: async (email) => ({
    line: {
      _id: { $oid: randomBytes(12).toString('hex') },
      ...{ email, email_verified: true, passwordHash: hash, tenant: 'acme', connection: 'Users', _tmp_is_unique: true },
    },
    password: oldPassword,
  }),
  supabase: async (email) => ({
    line: {
      ...{
        id: randomBytes(16).toString('hex'),
        email,
        encrypted_password: hash,
        email_confirmed_at: day,
        created_at: day,
      },
      raw_user_meta_data: { full_name: 'Ada Lovelace' },
      identities: [{ provider: 'email', provider_id: 'x', identity_data: {} }],
    },
    password: oldPassword,
  }),
  firebase: async (email) => ({
    line: {
      ...{
        localId: randomBytes(14).toString('hex'),
        email,
        emailVerified: true,
        displayName: 'Ada',
        createdAt: '1672628645000',
      },
      passwordHash: 'lSrfV15cpx95_sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ==',
      salt: '42xEC-ixf3L2lw==',
      providerUserInfo: [{ providerId: 'password', rawId: email, email }],
    },
    password: 'user1password',
    args: [
      '--hash-config',
      await fileOf(
        JSON.stringify({
          algorithm: 'SCRYPT',
          base64_signer_key: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
          base64_salt_separator: 'Bw==',
          ...{ rounds: 8, mem_cost: 14 },
        }),
      ),
    ],
  }),
  keycloak: async (email) => ({
    line: {
      ...{ id: randomBytes(16).toString('hex'), username: email, email, emailVerified: true, enabled: true },
      ...{ firstName: 'Ada', lastName: 'Lovelace', createdTimestamp: 1672628645000, realmRoles: ['offline_access'] },
      credentials: [
        {
          type: 'password',
          secretData: JSON.stringify({
            value: 'kJGrqrl0Jg9nUDv980hr9eQGVNnWxTb3+TvxZPI4aRXWZt++g/8xFhLfbVUb99BV6krx1FHkv2E7YO7oPy7+1g==',
            salt: 'AAECAwQFBgcICQoLDA0ODw==',
            additionalParameters: {},
          }),
          credentialData: '{"hashIterations":210000,"algorithm":"pbkdf2-sha512","additionalParameters":{}}',
        },
      ],
    },
    password: 'lemur-Quartz-71',
  }),
  'better-auth': async (email) => ({
    line: {
      ...{ id: randomBytes(16).toString('hex'), name: 'Ada Lovelace', email, emailVerified: true, createdAt: day },
      accounts: [
        {
          ...{ providerId: 'credential', accountId: 'x' },
          password:
            'a3d8b2a476c1be92fb890f0cfe8a9478:da281c9ff5e402ad935b4d49c15f6b7afab8015aaaa4d801b9ce6f21c7d0c735f0e66f1e6f81eae531f9b128ea2c72ca1a0fbd8acae1ee66bc745e9d0b057429',
        },
      ],
    },
    password: 'correct horse ℌ battery',
  }),
};

describe('users of another system sign in with their old passwords', () => {
  test.for(Object.entries(exported))('%s', async ([from, make]) => {
    const email = newAddress();
    const { line, password, args = [] } = await make(email);
    const dry = await importLines(from, [line], '--dry-run', ...args);
    expect(dry).toMatchObject({ code: 0, stderr: '', results: [{ line: 1, result: 'CREATED' }] });
    expect(dry.stdout).toMatch(/^1 users read: would be 1 created, .*Nothing was changed in database/);
    expect(await refusal(signIn(gateway, email, password))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    const first = await importLines(from, [line], ...args);
    expect(first).toMatchObject({
      code: 0,
      results: [{ result: 'CREATED', userId: expect.any(String), warnings: [] }],
    });
    const stored = await storedHash(gateway, email);
    expect(stored).not.toMatch(/argon2id/);
    await signIn(gateway, email, password);
    expect(await storedHash(gateway, email)).toMatch(/^\$argon2id\$/);
    const again = await importLines(from, [line], ...args);
    expect(again).toMatchObject({ code: 0, results: [{ result: 'SKIPPED', reason: 'ALREADY_IMPORTED' }] });
    expect(JSON.stringify([dry, first, again])).not.toContain(stored);
  });

  test('cognito exports no hashes: --invite mails a link', async () => {
    const email = newAddress();
    const attributes = { sub: randomBytes(16).toString('hex'), email, email_verified: 'true', name: 'Ada' };
    const line = {
      ...{ Username: 'ada', Enabled: true, UserStatus: 'CONFIRMED', UserCreateDate: day },
      Attributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    };
    expect(await importLines('cognito', [line], '--invite')).toMatchObject({
      code: 0,
      results: [{ result: 'CREATED' }],
    });
    // The command works by the clock of the machine.
    gateway.clock.travel((Date.now() - gateway.clock.now().getTime()) / 1000 + 60);
    const mail = await gateway.mail.take(email);
    expect(mail.text).toContain('https://app.example.com/accept-invitation#token=');
  });

  test('a second factor of Keycloak comes along; one that apps do not support is named', async () => {
    const make = exported.keycloak;
    if (!make) throw new Error('no keycloak');
    const [email, second] = [newAddress(), newAddress()];
    const secret = 'cKXqqmdjFnQSoAKLXBmi';
    const otp = (digits: number) => ({
      type: 'otp',
      secretData: JSON.stringify({ value: secret }),
      credentialData: JSON.stringify({ subType: 'totp', digits, counter: 0, period: 30, algorithm: 'HmacSHA1' }),
    });
    const [ada, bea] = await Promise.all([make(email), make(second)]);
    const withOtp = (line: object, digits: number) => ({
      ...line,
      credentials: [...('credentials' in line && Array.isArray(line.credentials) ? line.credentials : []), otp(digits)],
    });
    const { results } = await importLines('keycloak', [withOtp(ada.line, 6), withOtp(bea.line, 8)]);
    expect(results.map(({ warnings }) => warnings)).toEqual([[], ['SECOND_FACTOR_NOT_IMPORTED']]);
    const { ticket } = await challenge(gateway, email, { password: ada.password });
    // Base32 of the bytes of the text.
    await answer(gateway, ticket, codeAt('MNFVQ4LRNVSGURTOKFJW6QKLJRMEE3LJ', gateway.clock.now()));
    await signIn(gateway, second, bea.password);
  });

  test('a realm export of Keycloak is one document', async () => {
    const make = exported.keycloak;
    if (!make) throw new Error('no keycloak');
    const emails = [newAddress(), newAddress(), newAddress()];
    const lines = await Promise.all(emails.map(async (email) => (await make(email)).line));
    const realm = {
      id: 'x',
      realm: 'acme "users": [',
      roles: { users: [{ no: 1 }] },
      users: lines,
      clients: [{ id: 'y' }],
    };
    for (const [index, text] of [JSON.stringify(realm), JSON.stringify(realm, null, 2)].entries()) {
      const { code, stdout } = await users(['import', '--from', 'keycloak', await fileOf(text)]);
      expect({ code, stdout }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(
          index === 0 ? '3 users read: 3 created' : '3 users read: 0 created, 0 linked, 3 skipped',
        ),
      });
    }
  });
});

describe('the file', () => {
  const line = (email: string) => ({
    id: randomBytes(8).toString('hex'),
    email,
    encrypted_password: hash,
    email_confirmed_at: day,
  });
  const supabase = ['import', '--from', 'supabase'];

  test('may begin with a byte order mark, end its lines as Windows does, and come from standard input', async () => {
    const texts = [newAddress(), newAddress()].map((email) => JSON.stringify(line(email)));
    const input = `\ufeff${texts[0]}\r\n\r\n${texts[1]}`;
    expect(
      await users([...supabase, '-'], { env: { DATABASE_URL: gateway.database.url, SECRET: testSecret }, input }),
    ).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 users read: 2 created'),
    });
  });

  test('with wrong users imports the others, names each, and exits with 1', async () => {
    const good = line(newAddress());
    const evil = {
      ...line(newAddress()),
      id: '=HYPERLINK("http://evil.example")',
      encrypted_password: createHash('md5').update('x').digest('hex'),
    };
    const report = join(await runner.folder(), 'report');
    const text = [
      '{"broken',
      JSON.stringify(evil),
      `{"id":"long","email":"${'a'.repeat(70_000)}"}`,
      '[]',
      JSON.stringify({ id: 1 }),
      JSON.stringify(good),
    ];
    const { code, stdout } = await users([...supabase, await fileOf(text.join('\n')), '--report', report]);
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('6 users read: 1 created, 0 linked, 0 skipped, 5 failed.'),
    });
    const results = (await readFile(report, 'utf8'))
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(results.map(({ line: at, reason }) => [at, reason])).toEqual([
      [1, 'MALFORMED_JSON'],
      [2, 'WEAK_HASH'],
      [3, 'LINE_TOO_LONG'],
      [4, 'MALFORMED_JSON'],
      [5, 'INVALID_EMAIL'],
      [6, undefined],
    ]);
    expect(results[1].externalId).toBe(evil.id);
  });

  test.for<[string, () => Promise<string>, RegExp]>([
    ['compressed', () => fileOf(gzipSync('{}')), /the file is compressed/],
    ['a folder', () => runner.folder(), /cannot be read as a file/],
    ['absent', async () => '/nowhere/users', /cannot be read as a file/],
  ])('that is %s is wrong usage', async ([, path, message]) => {
    const { code, stdout, stderr } = await users([...supabase, await path()]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test.for([
    [['import', 'x'], /needs --from/],
    [['import', '--from', 'okta', 'x'], /Allowed choices/],
    [['import', '--from', 'auth0'], /needs --from and a file/],
  ] as const)('is asked for by the right arguments: %s', async ([args, message]) => {
    const { code, stderr } = await users(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('can be imported again after --forget, where the accounts are gone', async () => {
    const ada = line(newAddress());
    await importLines('supabase', [ada]);
    await gateway.database.query('delete from users where email = $1', [ada.email]);
    expect(await importLines('supabase', [ada])).toMatchObject({ results: [{ result: 'SKIPPED' }] });
    expect(await users(['import', '--forget', 'supabase'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Forgot the ids of \d+ users/),
    });
    expect(await importLines('supabase', [ada])).toMatchObject({ results: [{ result: 'CREATED' }] });
  });
});

test('users hashes counts algorithms and imported users', async () => {
  await importLines('supabase', [{ id: 'h1', email: newAddress(), encrypted_password: hash, email_confirmed_at: day }]);
  const { code, stdout } = await users(['hashes']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^bcrypt +\d+ users, \d+ of them imported$/m);
});

describe('an export', () => {
  const exportedBy = (...args: string[]) => users(['export', ...args]);

  test('of one Postern is imported into another, where every user, factor and passkey signs in', async () => {
    const plain = await createUser(gateway);
    const app = await enrol(gateway);
    const key = await passkeyUser(gateway);
    const file = await fileOf((await exportedBy('--with-hashes', '--i-understand')).stdout);
    const env = { DATABASE_URL: other.database.url, SECRET: otherSecret, APP_URL: 'https://app.example.com' };
    const report = join(await runner.folder(), 'report');
    const { code } = await users(['import', '--from', 'postern', file, '--report', report], { env });
    const results = (await readFile(report, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(results.filter(({ result }) => result !== 'CREATED')).toEqual([]);
    expect(code).toBe(0);
    await signIn(other, plain, goodPassword);
    const { ticket } = await challenge(other, app.email);
    await answer(other, ticket, codeAt(app.secret, other.clock.now()));
    const signedIn = await signInByPasskey(other, key.key);
    expect(signedIn.viewer).toMatchObject({ email: key.email, id: key.session.viewer.id });
    // The codes were hashed with the secret of the first installation.
    expect(results.find(({ userId }) => userId === app.session.viewer.id)).toMatchObject({
      warnings: ['BACKUP_CODES_NOT_IMPORTED'],
    });
  });

  test('contains no secret without --with-hashes, which needs a confirmation', async () => {
    const email = await createUser(gateway);
    const { stdout } = await exportedBy();
    const row = stdout.split('\n').find((line) => line.includes(email));
    expect(JSON.parse(row ?? '{}')).toMatchObject({ email, emailVerified: true, role: 'USER', status: 'ACTIVE' });
    expect(stdout).not.toMatch(/argon2|passwordHash|totpSecret|passkeys/);
    expect(await exportedBy('--with-hashes')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/--i-understand/),
    });
    expect((await auditTrail(gateway.database, 'export.created')).at(-1)?.details).toEqual({
      withHashes: false,
      since: null,
    });
  });

  test('can be restricted to users that changed', async () => {
    const { stdout } = await exportedBy('--since', new Date(gateway.clock.now().getTime() + 3_600_000).toISOString());
    expect(stdout).toBe('');
  });

  test('with a hash of Firebase needs --hash-config at the other Postern: another secret sealed its key', async () => {
    const make = exported.firebase;
    if (!make) throw new Error('no firebase');
    const email = newAddress();
    const { line, password, args = [] } = await make(email);
    await importLines('firebase', [line], ...args);
    const { stdout } = await exportedBy('--with-hashes', '--i-understand');
    const file = await fileOf(stdout.split('\n').find((row) => row.includes(`"${email}"`)) ?? '');
    const env = { DATABASE_URL: other.database.url, SECRET: otherSecret, APP_URL: 'https://app.example.com' };
    const report = join(await runner.folder(), 'report');
    const move = ['import', '--from', 'postern', file, '--report', report];
    expect((await users(move, { env })).code).toBe(1);
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
      result: 'FAILED',
      reason: 'HASH_CONFIG_MISSING',
    });
    expect(await users([...move, ...args], { env })).toMatchObject({ code: 0 });
    await signIn(other, email, password);
  });

  test('keeps roles, suspensions, times, languages and identities', async () => {
    const [email, suspended] = [await createUser(gateway), await createUser(gateway)];
    const issuer = 'https://id.example.com';
    for (const { database } of [gateway, other])
      await database.query(
        `insert into federated_providers (id, slug, kind, display_name, issuer, client_id, settings, enabled, position, created_at, updated_at)
         values (gen_random_uuid(), 'example', 'OIDC', 'Example', $1, 'x', '{}', true, 0, now(), now())`,
        [issuer],
      );
    await gateway.database.query(
      `insert into identities (id, user_id, provider_id, issuer, subject, email, linked_at)
       select gen_random_uuid(), u.id, p.id, p.issuer, 'subject-1', u.email, now()
       from users u, federated_providers p where u.email = $1 and p.slug = 'example'`,
      [email],
    );
    await gateway.database.query(
      `update users set role_name = 'MODERATOR', locale = 'de', display_name = 'Zoë', created_at = '2021-01-02T03:04:05Z'
       where email = $1`,
      [email],
    );
    await gateway.database.query(
      `update users set status = 'SUSPENDED', suspended_at = now(), created_at = '2020-01-02T03:04:05Z' where email = $1`,
      [suspended],
    );
    const rowsOf = (database: typeof gateway.database) =>
      database.query(
        `select u.id, u.email, role_name, locale, display_name, status, u.created_at, email_verified_at is not null as verified,
           i.issuer, i.subject, i.email as identity_email
         from users u left join identities i on i.user_id = u.id where u.email = any($1) order by u.id`,
        [[email, suspended]],
      );
    const file = await fileOf((await exportedBy('--with-hashes', '--i-understand')).stdout);
    const env = { DATABASE_URL: other.database.url, SECRET: otherSecret, APP_URL: 'https://app.example.com' };
    await users(['import', '--from', 'postern', file], { env });
    expect(await rowsOf(other.database)).toEqual(await rowsOf(gateway.database));
    expect(await refusal(signIn(other, suspended, goodPassword))).toMatchObject({ code: 'ACCOUNT_SUSPENDED' });
  });
});
