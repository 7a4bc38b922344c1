/** The migrations create the schema that the entities expect. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecoveryBackfillMigration } from '../../migrations/20261128022000-recovery-backfill.ts';
import { ApiKeysMigration } from '../../migrations/20261129040000-api-keys.ts';
import { grantStatements } from '../../migrations/grants.ts';
import { migrate } from '../../src/persistence/migrate.ts';
import { createOrm } from '../../src/persistence/orm.ts';
import { hashPersonal } from '../../src/security/keys/personal-hash.ts';
import { createTestClock } from '../support/gateway/clock.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { openAuditApp } from '../support/people/audit-chain.ts';
import { until } from '../support/races/until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('the migrated database equals the one that the entities describe', async () => {
  const { orm } = createOrm({ url: database.url, poolMax: 2 });
  try {
    expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
  } finally {
    await orm.close(true);
  }
});

test('the system roles exist, with the ranks and permissions of the contract', async () => {
  const roles = await database.query<{ name: string; rank: number; permissions: string[] }>(
    'select name, rank, permissions from roles where system order by rank desc',
  );
  expect(roles.map(({ name, rank }) => `${name} ${rank}`)).toEqual([
    'SUPER_ADMIN 100',
    'ADMIN 80',
    'MODERATOR 60',
    'USER 20',
    'GUEST 0',
  ]);
  const permissionsOf = (name: string) => roles.find((role) => role.name === name)?.permissions.toSorted();
  const own = ['keys:own', 'mfa:own', 'profile:write', 'sessions:own'];
  expect(permissionsOf('GUEST')).toEqual([]);
  expect(permissionsOf('USER')).toEqual(own);
  expect(permissionsOf('MODERATOR')).toEqual([...own, 'roles:read', 'users:moderate', 'users:read'].toSorted());
  const installation = ['roles:write', 'providers:write', 'settings:read', 'signing-keys:write'];
  for (const permission of installation) expect(permissionsOf('ADMIN')).not.toContain(permission);
  expect(permissionsOf('SUPER_ADMIN')).toEqual([...(permissionsOf('ADMIN') ?? []), ...installation].toSorted());
});

test('a permission of a later version is granted once, and recorded where the database is in use', async () => {
  const entries = () =>
    database.query<{ salt: Buffer; hash: Buffer; details: object }>(
      `select personal_salt as salt, personal_hash as hash, details from audit_entries where action = 'role.updated'`,
    );
  const grant = async () => {
    for (const statement of grantStatements('MODERATOR', ['providers:write'])) await database.query(statement);
  };
  expect(await entries()).toEqual([]);
  await database.query(
    `insert into users (id, email, password_hash, role_name, status, created_at, updated_at)
     values (gen_random_uuid(), 'kim@example.com', 'x', 'USER', 'ACTIVE', now(), now())`,
  );
  await grant();
  await grant();
  const [entry, ...more] = await entries();
  expect(more).toEqual([]);
  const moderation = ['users:read', 'users:moderate', 'roles:read'];
  const before = ['profile:write', 'sessions:own', 'mfa:own', ...moderation, 'keys:own'];
  expect(entry?.details).toEqual({
    before: { rank: 60, permissions: before },
    after: { rank: 60, permissions: [...before, 'providers:write'] },
  });
  expect(entry && hashPersonal([null, null, null], entry.salt).hash.equals(entry.hash)).toBe(true);
});

describe('the backfill of recovery', () => {
  const user = '00000000-0000-7000-8000-000000000001';
  const passkey = '00000000-0000-7000-8000-000000000002';
  const backupCode = '00000000-0000-7000-8000-000000000003';

  beforeAll(async () => {
    await database.query(
      `insert into users (id, email, password_hash, role_name, status, created_at, updated_at)
       values ($1, 'ada@example.com', 'x', 'USER', 'ACTIVE', now() - interval '9 days', now())`,
      [user],
    );
    await database.query(
      `insert into totp_secrets (user_id, secret_sealed, last_step, created_at, confirmed_at)
       values ($1, 'x', 0, now() - interval '8 days', now() - interval '8 days')`,
      [user],
    );
    await database.query(
      `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, name, created_at)
       values ($2, $1, 'x', 'x', 0, '{}', false, 'key', now() - interval '5 days')`,
      [user, passkey],
    );
    await database.query(
      `insert into backup_codes (id, user_id, code_hash, created_at, used_at)
       values ($2, $1, 'x', now() - interval '8 days', now() - interval '1 day')`,
      [user, backupCode],
    );
  });

  async function familyAfterBackfill(methods: string[], options: { age?: string; revoked?: boolean } = {}) {
    const { age = '2 days', revoked = false } = options;
    const [family] = await database.query<{ id: string }>(
      `insert into token_families (id, user_id, generation, created_at, rotated_at, expires_at, absolute_expires_at,
         sliding_seconds, authenticated_at, assurance, methods, revoked_at, revoked_reason)
       select gen_random_uuid(), $1, 0, at, at, now() + interval '1 day', now() + interval '1 day', 60, at, 'AAL2', $2,
         case when $4 then now() end, case when $4 then 'logout' end
       from (select now() - $3::interval as at) as signed_in
       returning id`,
      [user, methods, age, revoked],
    );
    const { orm } = createOrm({ url: database.url, poolMax: 2 });
    try {
      const migration = new RecoveryBackfillMigration(orm.em.getDriver(), orm.config);
      migration.up();
      for (const statement of migration.getQueries()) await database.query(String(statement));
    } finally {
      await orm.close(true);
    }
    const [row] = await database.query<Record<string, string | null>>(
      'select proven_totp_user_id as totp, proven_passkey_id as passkey, proven_backup_code_id as code from token_families where id = $1',
      [family?.id],
    );
    return row;
  }

  test('records the factor of each method that the session has proven', async () => {
    expect(await familyAfterBackfill(['PASSWORD', 'TOTP'])).toEqual({ totp: user, passkey: null, code: null });
    expect(await familyAfterBackfill(['PASSKEY'])).toEqual({ totp: null, passkey, code: null });
    expect(await familyAfterBackfill(['PASSWORD', 'BACKUP_CODE'])).toEqual({
      totp: null,
      passkey: null,
      code: backupCode,
    });
  });

  test('records no factor that was added after the session proved one', async () => {
    expect(await familyAfterBackfill(['PASSKEY'], { age: '6 days' })).toEqual({
      totp: null,
      passkey: null,
      code: null,
    });
    expect(await familyAfterBackfill(['TOTP'], { age: '8 days 1 hour' })).toMatchObject({ totp: null });
  });

  test('leaves revoked sessions as they are', async () => {
    expect(await familyAfterBackfill(['TOTP'], { revoked: true })).toEqual({ totp: null, passkey: null, code: null });
  });
});

test('the audit trail stays whole after a permission was granted', async () => {
  const existing = await createTestDatabase();
  const app = await openAuditApp(existing, createTestClock());
  try {
    await app.write(1);
    await existing.query("update roles set permissions = array_remove(permissions, 'settings:read') where rank = 100");
    for (const statement of grantStatements('SUPER_ADMIN', ['settings:read'])) await existing.query(statement);
    await app.sealAll();
    expect((await app.integrity()).problem).toBeNull();
    expect(await existing.query("select from audit_entries where action = 'role.updated'")).toHaveLength(1);
  } finally {
    await app.close();
    await existing.drop();
  }
});

describe('the permissions of API keys', () => {
  const own = ['profile:write', 'sessions:own', 'mfa:own'];

  /** Of a database as it was before, after the migration. */
  async function upgraded(isInUse: boolean) {
    const before = await createTestDatabase();
    const { orm } = createOrm({ url: before.url, poolMax: 2 });
    try {
      await before.query(`update roles set permissions = $1 where name in ('USER', 'MODERATOR')`, [own]);
      await before.query(`insert into roles (name, rank, permissions, system) values ('DESK', 50, $1, false)`, [own]);
      await before.query(
        `insert into roles (name, rank, permissions, system) values ('ROBOT', 50, '{users:read}', false)`,
      );
      if (isInUse)
        await before.query(`insert into users (id, email, role_name, status, created_at, updated_at)
          values (gen_random_uuid(), 'kim@example.com', 'USER', 'ACTIVE', now(), now())`);
      const migration = new ApiKeysMigration(orm.em.getDriver(), orm.config);
      migration.up();
      const grants = migration
        .getQueries()
        .map(String)
        .filter((statement) => /update roles|role\.updated/.test(statement));
      for (const statement of [...grants, ...grants]) await before.query(statement);
      const roles = await before.query<{ name: string; permissions: string[] }>('select name, permissions from roles');
      const trail = await before.query<Entry>(
        `select target_id, personal_salt as salt, personal_hash as hash, details from audit_entries where action = 'role.updated'`,
      );
      return { roles: new Map(roles.map(({ name, permissions }) => [name, permissions])), trail };
    } finally {
      await orm.close(true);
      await before.drop();
    }
  }

  interface Entry {
    target_id: string;
    salt: Buffer;
    hash: Buffer;
    details: object;
  }

  test('are added once to the roles that hold all own permissions, and each change is on the audit trail', async () => {
    const { roles, trail } = await upgraded(true);
    for (const name of ['USER', 'MODERATOR', 'DESK']) expect(roles.get(name)).toEqual([...own, 'keys:own']);
    expect(roles.get('ROBOT')).toEqual(['users:read']);
    expect(roles.get('GUEST')).toEqual([]);
    expect(trail.map(({ target_id }) => target_id).toSorted()).toEqual(['DESK', 'MODERATOR', 'USER']);
    for (const { salt, hash } of trail) expect(hashPersonal([null, null, null], salt).hash).toEqual(hash);
    expect(trail.find(({ target_id }) => target_id === 'DESK')?.details).toEqual({
      before: { rank: 50, permissions: own },
      after: { rank: 50, permissions: [...own, 'keys:own'] },
    });
  });

  test('leave no entry in a database without users', async () => {
    expect((await upgraded(false)).trail).toEqual([]);
  });
});

test('every constraint is validated', async () => {
  expect(await database.query('select conname from pg_constraint where not convalidated')).toEqual([]);
});

test('a migration that waits for a lock lets requests through, and succeeds once the lock is free', async () => {
  const waiting = await createTestDatabase();
  await waiting.query('alter table token_families drop column confirmed_generation');
  await waiting.query("delete from schema_migrations where name = '20261128050000-token-confirmation'");
  const holder = new pg.Client({ connectionString: waiting.url });
  await holder.connect();
  await holder.query('begin');
  await holder.query('select from token_families');
  const migrating = migrate({ url: waiting.url, pooler: 'none' });
  await until('the migration waits', async () => {
    const text = "select from pg_locks where not granted and relation = 'token_families'::regclass";
    return (await waiting.query(text)).length > 0;
  });
  // This request waits behind the migration, and gets its response before the lock is free: the migration stops waiting
  // after a second.
  expect(await waiting.query('select from token_families')).toEqual([]);
  await holder.query('rollback');
  expect(await migrating).toEqual(['20261128050000-token-confirmation']);
  await holder.end();
  await waiting.drop();
});
