/** Reads roles, and locks the role that an administrator grants. */
import { Role as RoleEntity } from '../../persistence/access/role.ts';
import { findRoleNames } from '../../persistence/access/roles.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { roleNamePattern } from '../access/permissions.ts';
import type { Role } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { Unit } from '../transaction.ts';

export { roleNamePattern };

/** Highest rank first. */
export async function listRoles({ em }: Unit): Promise<Role[]> {
  const roles = await em.fork().findAll(RoleEntity, { orderBy: { rank: 'desc', name: 'asc' } });
  return roles.map(roleFrom);
}

/** @returns one role per name, in their order; an error for an unknown name, which no user can have */
export async function rolesByName(unit: Unit, names: readonly string[]): Promise<(Role | Error)[]> {
  const roles = new Map((await listRoles(unit)).map((role) => [role.name, role]));
  return names.map((name) => roles.get(name) ?? new Error('a user has an unknown role'));
}

/** Until the transaction ends, the role cannot be changed or deleted. Concurrent grants of it are allowed. */
export async function lockRole(tx: EntityManager, name: string): Promise<RoleEntity | null> {
  return roleNamePattern.test(name) ? tx.findOne(RoleEntity, { name }, { lockMode: LockMode.PESSIMISTIC_READ }) : null;
}

/** @returns the refusal, with the names of all roles */
export async function unknownRole(em: EntityManager): Promise<Refusal> {
  const message = `Choose one of the roles ${(await findRoleNames(em)).join(', ')}.`;
  const problem = { path: 'input.role', code: 'UNKNOWN_ROLE', message };
  return new Refusal('BAD_USER_INPUT', { fields: [problem] });
}

export function roleFrom({ name, rank, permissions: granted, system }: RoleEntity): Role {
  return { name, rank, permissions: [...granted], system };
}
