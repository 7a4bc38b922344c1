/** Custom roles: creation, change and deletion, and the limits on built-in roles. */
import { beforeAll, describe, expect, test } from 'vitest';
import { permissions, systemRoles } from '../../src/domain/access/permissions.ts';
import { refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  CreateRoleDocument,
  DeleteRoleDocument,
  FullViewerDocument,
  RolesDocument,
  SetUserRoleDocument,
  UpdateRoleDocument,
  type UpdateRoleInput,
  UsersDocument,
} from '../support/generated/graphql.ts';
import { auditTrail } from '../support/people/audit.ts';
import {
  createUserWithRole,
  insertRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';

let superAdmin: UserWithRole;
const gateway = useGateway(lockoutAndVerificationOff);
beforeAll(async () => {
  superAdmin = await createUserWithRole(gateway, 'SUPER_ADMIN');
});

const create = async (role: { name: string; rank: number; permissions: string[] }, by = superAdmin) =>
  (await gateway.send(CreateRoleDocument, { input: role }, by.accessToken)).createRole.role;
const update = async (input: UpdateRoleInput, by = superAdmin) =>
  (await gateway.send(UpdateRoleDocument, { input }, by.accessToken)).updateRole.role;
const remove = async (name: string, by = superAdmin) =>
  (await gateway.send(DeleteRoleDocument, { input: { name } }, by.accessToken)).deleteRole.role;
const listed = async () => (await gateway.send(RolesDocument, {}, superAdmin.accessToken)).roles;
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;

async function entryOf(action: string, name: string) {
  return (await auditTrail(gateway.database, action)).findLast(({ targetId }) => targetId === name);
}

test('a new database has the roles of the contract, highest first', async () => {
  const expected = systemRoles.map((role) => ({ ...role, permissions: role.permissions.toSorted(), system: true }));
  expect((await listed()).map((role) => ({ ...role, permissions: role.permissions.toSorted() }))).toEqual(expected);
});

describe('a custom role', () => {
  test('is created, assigned, changed and, without members, deleted; each is recorded', async () => {
    const made = await create({
      name: 'SUPPORT_DESK',
      rank: 40,
      permissions: ['users:read', 'users:read', 'roles:read'],
    });
    expect(made).toEqual({ name: 'SUPPORT_DESK', rank: 40, permissions: ['users:read', 'roles:read'], system: false });
    expect(await listed()).toContainEqual(made);
    expect(await entryOf('role.created', 'SUPPORT_DESK')).toMatchObject({
      actorId: superAdmin.id,
      targetType: 'role',
      details: { after: { rank: 40, permissions: ['users:read', 'roles:read'] } },
    });

    const clerk = await createUserWithRole(gateway, 'USER');
    const grant = (role: string) =>
      gateway.send(SetUserRoleDocument, { input: { userId: clerk.id, role } }, superAdmin.accessToken);
    await grant('SUPPORT_DESK');
    const { viewer } = await gateway.send(FullViewerDocument, {}, clerk.accessToken);
    expect(viewer).toMatchObject({ role: made, permissions: ['users:read', 'roles:read'] });
    await gateway.send(UsersDocument, {}, clerk.accessToken);

    // The change takes effect on the next request of each user with the role.
    const changed = await update({ name: 'SUPPORT_DESK', permissions: ['roles:read'] });
    expect(changed).toEqual({ ...made, permissions: ['roles:read'] });
    expect(await codeOf(gateway.send(UsersDocument, {}, clerk.accessToken))).toBe('FORBIDDEN');
    expect(await update({ name: 'SUPPORT_DESK', rank: 41, permissions: null })).toEqual({ ...changed, rank: 41 });
    expect(await entryOf('role.updated', 'SUPPORT_DESK')).toMatchObject({
      details: {
        before: { rank: 40, permissions: ['roles:read'] },
        after: { rank: 41, permissions: ['roles:read'] },
      },
    });

    expect(await codeOf(remove('SUPPORT_DESK'))).toBe('CONFLICT');
    await grant('USER');
    expect(await remove('SUPPORT_DESK')).toEqual({ ...changed, rank: 41 });
    expect((await listed()).map(({ name }) => name)).not.toContain('SUPPORT_DESK');
    expect(await entryOf('role.deleted', 'SUPPORT_DESK')).toMatchObject({
      details: { before: { rank: 41, permissions: ['roles:read'] } },
    });
    expect(await codeOf(remove('SUPPORT_DESK'))).toBe('NOT_FOUND');
  });

  test('has a unique name', async () => {
    await create({ name: 'TWICE', rank: 1, permissions: [] });
    for (const name of ['TWICE', 'USER', 'SUPER_ADMIN']) {
      expect(await codeOf(create({ name, rank: 1, permissions: [] }))).toBe('CONFLICT');
    }
  });

  test.each([
    ['a', 'a lower-case letter'],
    ['A', 'one letter'],
    ['1A', 'a digit first'],
    ['A B', 'a space'],
    ['A-B', 'a hyphen'],
    ['ÄB', 'an accented letter'],
    ['A\n', 'a line break'],
    ["A'; drop table roles; --", 'SQL'],
    ['A'.repeat(65), 'too many letters'],
    ['\u0000', 'a character that PostgreSQL cannot store'],
  ])('cannot have the name %j: %s', async (name) => {
    const { extensions } = await refusal(create({ name, rank: 1, permissions: [] }));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.name', code: 'INVALID' }] });
    expect(await codeOf(update({ name, rank: 1 }))).toBe('NOT_FOUND');
    expect(await codeOf(remove(name))).toBe('NOT_FOUND');
  });

  test('has known permissions only, and a rank below SUPER_ADMIN', async () => {
    const { extensions } = await refusal(
      create({ name: 'WRONG', rank: 100, permissions: ['users:read', 'all:things'] }),
    );
    expect(extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [
        { path: 'input.rank', code: 'OUT_OF_RANGE' },
        { path: 'input.permissions', code: 'UNKNOWN_PERMISSION' },
      ],
    });
    expect(await codeOf(create({ name: 'WRONG', rank: -1, permissions: [] }))).toBe('BAD_USER_INPUT');
    const all = await create({ name: 'NEARLY_ALL', rank: 99, permissions: [...permissions] });
    expect(all.permissions).toHaveLength(permissions.length);
    expect(await codeOf(update({ name: 'NEARLY_ALL', rank: 100 }))).toBe('BAD_USER_INPUT');
  });
});

describe('the built-in roles', () => {
  test('cannot be deleted, even without members', async () => {
    for (const { name } of systemRoles) expect(await codeOf(remove(name))).toBe('CONFLICT');
  });

  test('keep their rank, and both ends of the hierarchy keep every permission', async () => {
    for (const { name, rank } of systemRoles) expect(await codeOf(update({ name, rank: rank - 1 }))).toBe('CONFLICT');
    for (const name of ['SUPER_ADMIN', 'GUEST']) {
      expect(await codeOf(update({ name, permissions: ['users:read'] }))).toBe('CONFLICT');
      expect(await codeOf(update({ name, permissions: [] }))).toBe('CONFLICT');
    }
  });

  test('between them can change permissions, for all members at once', async () => {
    const moderator = await createUserWithRole(gateway, 'MODERATOR');
    await gateway.send(UsersDocument, {}, moderator.accessToken);
    const { permissions: before } = await update({ name: 'MODERATOR', permissions: ['roles:read'] }).then(
      () => systemRoles.find(({ name }) => name === 'MODERATOR') ?? { permissions: [] },
    );
    expect(await codeOf(gateway.send(UsersDocument, {}, moderator.accessToken))).toBe('FORBIDDEN');
    await update({ name: 'MODERATOR', permissions: [...before] });
    await gateway.send(UsersDocument, {}, moderator.accessToken);
  });
});

describe('a role manager that is not SUPER_ADMIN', () => {
  let maker: UserWithRole;
  beforeAll(async () => {
    await insertRole(gateway, {
      name: 'ROLE_MAKER',
      rank: 70,
      permissions: ['roles:read', 'roles:write', 'users:read'],
    });
    await insertRole(gateway, { name: 'PEER', rank: 70, permissions: [] });
    maker = await createUserWithRole(gateway, 'ROLE_MAKER');
  });

  test('creates roles below the own rank, with the own permissions', async () => {
    expect(await codeOf(create({ name: 'HIGH', rank: 70, permissions: [] }, maker))).toBe('FORBIDDEN');
    expect(await codeOf(create({ name: 'MIGHTY', rank: 1, permissions: ['users:delete'] }, maker))).toBe('FORBIDDEN');
    expect(await entryOf('administration.refused', 'MIGHTY')).toMatchObject({
      actorId: maker.id,
      outcome: 'DENIED',
      details: { attempted: 'role.created', reason: 'missing_permission' },
    });
    await create({ name: 'MODEST', rank: 69, permissions: ['users:read'] }, maker);
  });

  test('cannot change or delete roles of equal or higher rank, including the own', async () => {
    for (const name of ['ROLE_MAKER', 'PEER', 'ADMIN', 'SUPER_ADMIN']) {
      expect(await codeOf(update({ name, permissions: ['users:read'] }, maker))).toBe('FORBIDDEN');
      expect(await codeOf(remove(name, maker))).toBe('FORBIDDEN');
    }
    expect(await codeOf(update({ name: 'MODEST', rank: 70 }, maker))).toBe('FORBIDDEN');
    expect(await codeOf(update({ name: 'MODEST', permissions: ['users:delete'] }, maker))).toBe('FORBIDDEN');
    // A role keeps permissions that the caller could not grant.
    await gateway.database.query(`update roles set permissions = '{users:read,users:delete}' where name = 'MODEST'`);
    expect((await update({ name: 'MODEST', rank: 5 }, maker)).permissions).toEqual(['users:read', 'users:delete']);
    await remove('MODEST', maker);
  });
});
