/** docs/import.md: the SQL and the jq filters that it prints make files that the import takes. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../support/gateway/database.ts';
import { newAddress, signIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { answer, challenge, codeAt } from '../support/people/authenticator.ts';
import { oldPassword } from '../support/people/imported.ts';
import { createProcessRunner } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
const gateway = useGateway();
const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
let guide = '';
let hash = '';
beforeAll(async () => {
  guide = await readFile(join(import.meta.dirname, '../../docs/import.md'), 'utf8');
  hash = await bcrypt.hash(oldPassword, 4);
});
afterEach(() => runner.clear());

/** The section of a system. */
function sectionOf(title: string): string {
  const [, section] = new RegExp(`### ${title}\n(.*?)\n##`, 's').exec(guide) ?? [];
  if (!section) throw new Error(`the guide has no section ${title}`);
  return section;
}

/** The lines that psql prints for the SQL of a section. */
async function linesOfSql(title: string, tables: string): Promise<string> {
  const [, quoted = ''] = /-Atc "(.*?[^\\])" > users.ndjson/s.exec(sectionOf(title)) ?? [];
  const database = await createTestDatabase({ empty: true });
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    await client.query(tables);
    const sql = quoted.replaceAll('\\"', '"');
    const { rows } = await client.query<{ line: string }>(`select line::text from (${sql}) as printed (line)`);
    return rows.map(({ line }) => `${line}\n`).join('');
  } finally {
    await client.end();
    await database.drop();
  }
}

/** What jq prints for the filter of a section. */
async function linesOfFilter(title: string, exported: object): Promise<string> {
  const [, filter = ''] = /jq -c '([^']+)'/.exec(sectionOf(title)) ?? [];
  const path = join(await runner.folder(), 'exported');
  await writeFile(path, JSON.stringify(exported, null, 2));
  return (await promisify(execFile)('jq', ['-c', filter, path])).stdout;
}

async function importLines(from: string, lines: string, ...args: string[]) {
  const env = { DATABASE_URL: gateway.database.url, SECRET: testSecret, APP_URL: 'https://app.example.com' };
  const file = join(await runner.folder(), 'users');
  await writeFile(file, lines);
  return runner.run(['users', 'import', '--from', from, file, ...args], { env });
}

const imported = (count: number) => ({
  code: 0,
  stdout: expect.stringContaining(`${count} users read: ${count} created`),
});

test('Supabase', async () => {
  const [ada, bea] = [newAddress(), newAddress()];
  // The columns of the tables of Supabase Auth that have these names.
  const tables = `create schema auth;
    create table auth.users (id uuid primary key, email varchar(255), encrypted_password varchar(255),
      email_confirmed_at timestamptz, created_at timestamptz, banned_until timestamptz, deleted_at timestamptz,
      raw_user_meta_data jsonb);
    create table auth.identities (id uuid primary key, provider_id text, user_id uuid, provider text, identity_data jsonb);
    create type auth.factor_type as enum ('totp', 'webauthn', 'phone');
    create type auth.factor_status as enum ('unverified', 'verified');
    create table auth.mfa_factors (id uuid primary key, user_id uuid, factor_type auth.factor_type,
      status auth.factor_status, secret text);
    insert into auth.users values
      ('00000000-0000-4000-8000-000000000001', '${ada}', '${hash}', now(), now(), null, null, '{"full_name": "Ada\\nL"}'),
      ('00000000-0000-4000-8000-000000000002', '${bea}', '${hash}', now(), now(), null, null, '{}'),
      ('00000000-0000-4000-8000-000000000003', null, null, null, now(), null, null, '{}'),
      ('00000000-0000-4000-8000-000000000004', 'gone@example.com', '${hash}', now(), now(), null, now(), '{}');
    insert into auth.identities values
      (gen_random_uuid(), 'x', '00000000-0000-4000-8000-000000000001', 'email', '{}');
    insert into auth.mfa_factors values
      (gen_random_uuid(), '00000000-0000-4000-8000-000000000002', 'totp', 'unverified', 'AAAAAAAAAAAAAAAA'),
      (gen_random_uuid(), '00000000-0000-4000-8000-000000000002', 'totp', 'verified', '${totpSecret}');`;
  const lines = (await linesOfSql('Supabase', tables)).replace(String.raw`Ada\nL`, 'Ada L');
  expect(await importLines('supabase', lines)).toMatchObject(imported(2));
  await signIn(gateway, ada, oldPassword);
  expect(await gateway.database.query('select display_name from users where email = $1', [ada])).toEqual([
    { display_name: 'Ada L' },
  ]);
  const { ticket } = await challenge(gateway, bea, { password: oldPassword });
  await answer(gateway, ticket, codeAt(totpSecret, gateway.clock.now()));
});

test('better-auth', async () => {
  const [ada, bea] = [newAddress(), newAddress()];
  // hashPassword of better-auth 1.7.17
  const scrypt =
    'a3d8b2a476c1be92fb890f0cfe8a9478:da281c9ff5e402ad935b4d49c15f6b7afab8015aaaa4d801b9ce6f21c7d0c735f0e66f1e6f81eae531f9b128ea2c72ca1a0fbd8acae1ee66bc745e9d0b057429';
  // As `npx @better-auth/cli generate` writes them for PostgreSQL.
  const tables = `create table "user" ("id" text primary key, "name" text not null, "email" text not null unique,
      "emailVerified" boolean not null, "image" text, "createdAt" timestamptz not null, "updatedAt" timestamptz not null);
    create table "account" ("id" text primary key, "accountId" text not null, "providerId" text not null,
      "userId" text not null references "user" ("id"), "password" text, "createdAt" timestamptz not null,
      "updatedAt" timestamptz not null);
    insert into "user" values ('a', 'Ada', '${ada}', true, null, now(), now()), ('b', 'Bea', '${bea}', true, null, now(), now());
    insert into account values ('1', 'a', 'credential', 'a', '${scrypt}', now(), now());`;
  const lines = await linesOfSql('better-auth', tables);
  expect(await importLines('better-auth', lines)).toMatchObject(imported(2));
  await signIn(gateway, ada, 'correct horse ℌ battery');
});

test('Firebase', async () => {
  const email = newAddress();
  // The key and the hash that Firebase publishes (github.com/firebase/scrypt).
  const config = join(await runner.folder(), 'hash-config.json');
  await writeFile(
    config,
    JSON.stringify({
      base64_signer_key: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
      base64_salt_separator: 'Bw==',
      rounds: 8,
      mem_cost: 14,
    }),
  );
  const user = {
    ...{ localId: 'f1', email, emailVerified: true, createdAt: '1672628645000', providerUserInfo: [] },
    passwordHash: 'lSrfV15cpx95_sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ==',
    salt: '42xEC-ixf3L2lw==',
  };
  const lines = await linesOfFilter('Firebase', { users: [user] });
  expect(await importLines('firebase', lines, '--hash-config', config)).toMatchObject(imported(1));
  await signIn(gateway, email, 'user1password');
});

test('Cognito', async () => {
  const email = newAddress();
  const attributes = { sub: 'c1', email, email_verified: 'true' };
  const user = {
    ...{ Username: 'ada', Enabled: true, UserStatus: 'CONFIRMED', UserCreateDate: '2023-01-02T03:04:05+00:00' },
    Attributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  };
  const lines = await linesOfFilter('Cognito', { Users: [user] });
  expect(await importLines('cognito', lines, '--invite')).toMatchObject(imported(1));
  // The command works by the clock of the machine.
  gateway.clock.travel((Date.now() - gateway.clock.now().getTime()) / 1000 + 60);
  expect((await gateway.mail.take(email)).text).toContain('/accept-invitation#token=');
});
