/** The table of permissions (graphql/permission-table.ts): it is committed, it leaves nothing out, and it is the contract's. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { systemRoles } from '../../src/domain/permissions.ts';
import { type PermissionRow, permissionTable, printPermissions } from '../../src/graphql/permission-table.ts';
import { fieldRules } from '../../src/graphql/permissions.ts';
import { buildTypes } from '../../src/graphql/schema.ts';

const rows = await permissionTable();
const rowOf = (field: string): PermissionRow => {
  const row = rows.find((one) => one.field === field);
  if (!row) throw new Error(`${field} has no row`);
  return row;
};

test('the committed one is the one of the code: otherwise run "npm run generate", and look at what changed', async () => {
  const committed = await readFile(new URL('../../schema/permissions.md', import.meta.url), 'utf8');
  expect(await printPermissions()).toBe(committed);
});

test('it has one row for each operation of the schema, and for each field with a rule of its own', () => {
  const schema = buildTypes();
  const operations = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  );
  const fields = Object.entries(fieldRules).flatMap(([type, rules]) => Object.keys(rules).map((f) => `${type}.${f}`));
  expect(rows.map(({ field }) => field).toSorted()).toEqual([...operations, ...fields].toSorted());
});

test('whoever may, every higher rank may, too', () => {
  const ranks: string[] = systemRoles.map(({ name }) => name).toReversed();
  for (const { field, roles, anonymous } of rows) {
    const lowest = ranks.findIndex((name) => roles.includes(name));
    expect({ field, roles: roles.toReversed() }).toEqual({ field, roles: lowest === -1 ? [] : ranks.slice(lowest) });
    if (anonymous) expect(roles).toContain('GUEST');
  }
});

const staff = ['SUPER_ADMIN', 'ADMIN', 'MODERATOR'];
test.each([
  ['Query.users', staff],
  ['Query.user', staff],
  ['Query.roles', staff],
  ['Mutation.suspendUser', staff],
  ['Mutation.reactivateUser', staff],
  ['Mutation.unlockUser', staff],
  ['Mutation.createUser', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.setUserRole', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.deleteUser', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.restoreUser', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.sendPasswordReset', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.resetUserMfa', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.revokeUserSessions', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.createRole', ['SUPER_ADMIN']],
  ['Mutation.updateRole', ['SUPER_ADMIN']],
  ['Mutation.deleteRole', ['SUPER_ADMIN']],
])('%s is administration: for %j with the factor and the network that are demanded, and counted', (field, roles) => {
  expect(rowOf(field)).toMatchObject({ roles, anonymous: false, limits: ['admin'] });
  expect(rowOf(field).conditions).toEqual(['AAL2', 'admin network']);
});

test.each(['Mutation.deleteAccount', 'Mutation.requestEmailChange'])('%s takes a recent proof', (field) => {
  expect(rowOf(field).conditions).toContain('recent');
});
