/** The migrations against the entities: what the one makes is what the other expects. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOrm } from '../../src/persistence/orm.ts';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('the migrated database is the one that the entities describe', async () => {
  const orm = createOrm({ url: database.url, poolMax: 2 });
  try {
    expect(await orm.schema.getUpdateSchemaSQL()).toBe('');
  } finally {
    await orm.close(true);
  }
});

test('the system roles are there, with the ranks and permissions of the contract', async () => {
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
  const own = ['mfa:own', 'profile:write', 'sessions:own'];
  expect(permissionsOf('GUEST')).toEqual([]);
  expect(permissionsOf('USER')).toEqual(own);
  expect(permissionsOf('MODERATOR')).toEqual([...own, 'roles:read', 'users:moderate', 'users:read'].toSorted());
  expect(permissionsOf('ADMIN')).not.toContain('roles:write');
  expect(permissionsOf('SUPER_ADMIN')).toEqual([...(permissionsOf('ADMIN') ?? []), 'roles:write'].toSorted());
});
