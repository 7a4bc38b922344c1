/** The permission table (graphql/permissions/permission-table.ts): committed, complete, and equal to the contract. */
import { readFile } from 'node:fs/promises';
import { getNamedType, isInputObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { systemRoles } from '../../src/domain/access/permissions.ts';
import {
  type PermissionRow,
  permissionTable,
  printPermissions,
} from '../../src/graphql/permissions/permission-table.ts';
import { fieldEntries, operations } from '../../src/graphql/permissions/permissions.ts';
import { buildTypes } from '../../src/graphql/schema.ts';

const rows = permissionTable();
const rowOf = (field: string): PermissionRow => {
  const row = rows.find((one) => one.field === field);
  if (!row) throw new Error(`${field} has no row`);
  return row;
};

test('the committed table equals the table of the code: if not, run "npm run generate" and review the change', async () => {
  const committed = await readFile(new URL('../../schema/permissions.md', import.meta.url), 'utf8');
  expect(printPermissions()).toBe(committed);
});

test('the table has one row for each operation of the schema, and for each field with its own rule', () => {
  const schema = buildTypes();
  const operations = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  );
  const fields = Object.entries(fieldEntries).flatMap(([type, rules]) => Object.keys(rules).map((f) => `${type}.${f}`));
  expect(rows.map(({ field }) => field).toSorted()).toEqual([...operations, ...fields].toSorted());
});

test('every rank has the permissions of the lower ranks', () => {
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
  ['Mutation.sendPasswordReset', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.revokeUserSessions', ['SUPER_ADMIN', 'ADMIN']],
])('%s is administration: for %j with the required factor and network, and counted', (field, roles) => {
  expect(rowOf(field)).toMatchObject({ roles, anonymous: false, limits: ['admin'] });
  expect(rowOf(field).conditions).toEqual(['AAL2', 'admin network']);
});

test.each([
  ['Mutation.setUserRole', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.deleteUser', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.restoreUser', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.resetUserMfa', ['SUPER_ADMIN', 'ADMIN']],
  ['Mutation.createRole', ['SUPER_ADMIN']],
  ['Mutation.updateRole', ['SUPER_ADMIN']],
  ['Mutation.deleteRole', ['SUPER_ADMIN']],
])('%s is administration that needs recent authentication: for %j', (field, roles) => {
  expect(rowOf(field)).toMatchObject({ roles, anonymous: false, limits: ['admin'] });
  expect(rowOf(field).conditions).toEqual(['recent', 'AAL2', 'admin network']);
});

test.each([
  'beginPasskeyRegistration',
  'beginTotpEnrollment',
  'confirmPasskeyRegistration',
  'deleteAccount',
  'disableTotp',
  'exportMyData',
  'regenerateBackupCodes',
  'removePasskey',
  'renamePasskey',
  'requestEmailChange',
])('Mutation.%s needs recent authentication', (name) => {
  expect(rowOf(`Mutation.${name}`).conditions).toContain('recent');
});

test('every operation that takes a password or a code inside a session counts in the limit "reauthenticate"', () => {
  const fields = buildTypes().getMutationType()?.getFields() ?? {};
  const takesProof = ({ args }: (typeof fields)[string]) =>
    args.some(({ type }) => {
      const input = getNamedType(type);
      return (
        isInputObjectType(input) && Object.keys(input.getFields()).some((name) => /^(.*password|code)$/i.test(name))
      );
    });
  const names = Object.keys(operations.Mutation).filter((name) => {
    const field = fields[name];
    return field && takesProof(field) && !rowOf(`Mutation.${name}`).anonymous;
  });
  expect(names).toEqual(expect.arrayContaining(['reauthenticate', 'changePassword', 'deleteAccount', 'disableTotp']));
  for (const name of names) expect(rowOf(`Mutation.${name}`)).toMatchObject({ limits: ['reauthenticate'] });
});
