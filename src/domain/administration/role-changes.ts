/**
 * Creates, changes and deletes roles. SUPER_ADMIN and GUEST never change: without a complete SUPER_ADMIN no user could
 * repair the permissions, and GUEST is the role of callers who are not signed in.
 */
import { Role as RoleEntity } from '../../persistence/access/role.ts';
import { insertRole } from '../../persistence/access/roles.ts';
import { User } from '../../persistence/accounts/user.ts';
import { ServiceAccount } from '../../persistence/applications/service-account.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { type Authority, authorityOf, grantProblem, outranks, refusalFor } from '../access/authority.ts';
import { type Permission, permissions } from '../access/permissions.ts';
import type { Denial } from '../audit/actions.ts';
import type { Caller, Role } from '../caller.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import type { DomainSettings } from '../settings.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import { roleFrom, roleNamePattern } from './roles.ts';

export interface RoleRequest {
  name: string;
  rank: number;
  permissions: readonly string[];
}

/** Absent and null fields keep their value. */
export interface RoleChange {
  name: string;
  rank?: number | null | undefined;
  permissions?: readonly string[] | null | undefined;
}

const unchangeable: ReadonlySet<string> = new Set(['SUPER_ADMIN', 'GUEST']);
/** Only SUPER_ADMIN has a higher rank. */
const maxRank = 99;

/** @throws Refusal FORBIDDEN, BAD_USER_INPUT, CONFLICT when the name is taken */
export async function createRole(unit: Unit, caller: Caller, request: RoleRequest): Promise<Role> {
  const after = checked(request);
  return change(unit, caller, 'role.created', request.name, async ({ tx, authority, audit }) => {
    const denied = grantProblem(authority, after);
    if (denied) return denied;
    if (!(await insertRole(tx, after))) return conflict('the name is taken');
    const { name, ...details } = after;
    audit({ action: 'role.created', target: { type: 'role', id: name }, details: { after: details } });
    return { ...after, system: false };
  });
}

/** @throws Refusal FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, CONFLICT for a fixed part of a system role */
export function updateRole(unit: Unit, caller: Caller, request: RoleChange): Promise<Role> {
  return change(unit, caller, 'role.updated', request.name, async ({ authority, role, audit }) => {
    if (!role) return new Refusal('NOT_FOUND');
    if (!outranks(authority, role.rank)) return 'rank';
    if (unchangeable.has(role.name)) return conflict('a role that never changes');
    const before = stateOf(role);
    const { name, ...after } = checked({
      name: role.name,
      rank: request.rank ?? before.rank,
      permissions: request.permissions ?? before.permissions,
    });
    if (role.system && after.rank !== before.rank) return conflict('the rank of a system role');
    const added = after.permissions.filter((permission) => !before.permissions.includes(permission));
    const denied = grantProblem(authority, { rank: after.rank, permissions: added });
    if (denied) return denied;
    Object.assign(role, after);
    audit({ action: 'role.updated', target: { type: 'role', id: name }, details: { before, after } });
    return roleFrom(role);
  });
}

/** @throws Refusal FORBIDDEN, NOT_FOUND, CONFLICT for a system role, and while users or service accounts have it */
export function deleteRole(
  unit: Unit & { settings: Pick<DomainSettings, 'mfaRequiredFor'> },
  caller: Caller,
  name: string,
): Promise<Role> {
  return change(unit, caller, 'role.deleted', name, async ({ tx, authority, role, audit }) => {
    if (!role) return new Refusal('NOT_FOUND');
    if (!outranks(authority, role.rank)) return 'rank';
    if (role.system) return conflict('a system role');
    if (unit.settings.mfaRequiredFor.includes(role.name)) return conflict('MFA_REQUIRED_FOR names it');
    // A grant locks the role until its transaction ends, so the count cannot change before the role is deleted.
    if ((await tx.count(User, { role: role.name })) > 0) return conflict('users have it');
    if ((await tx.count(ServiceAccount, { role: role.name })) > 0) return conflict('service accounts have it');
    tx.remove(role);
    audit({ action: 'role.deleted', target: { type: 'role', id: name }, details: { before: stateOf(role) } });
    return roleFrom(role);
  });
}

interface Change extends Pick<Transaction, 'tx' | 'audit'> {
  authority: Authority;
  /** Locked; null: the role does not exist. */
  role: RoleEntity | null;
}

/** Runs the work under the role's lock. A `Denial` that it returns is recorded and refused. */
function change(
  unit: Unit,
  caller: Caller,
  attempted: 'role.created' | 'role.updated' | 'role.deleted',
  name: string,
  work: (change: Change) => Promise<Role | Refusal | Denial>,
): Promise<Role> {
  return transact<Role>(unit, caller, async ({ tx, audit }) => {
    const role = await lockForChange(tx, name);
    const outcome = await work({ tx, audit, authority: await authorityOf(tx, caller), role });
    if (typeof outcome !== 'string') return outcome;
    audit({
      action: 'administration.refused',
      outcome: 'DENIED',
      target: { type: 'role', id: name },
      details: { attempted, reason: outcome },
    });
    return refusalFor(outcome);
  });
}

async function lockForChange(tx: EntityManager, name: string): Promise<RoleEntity | null> {
  if (!roleNamePattern.test(name)) return null;
  return tx.findOne(RoleEntity, { name }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

function stateOf({ rank, permissions: granted }: RoleEntity): { rank: number; permissions: string[] } {
  return { rank, permissions: [...granted] };
}

function conflict(detail: string): Refusal {
  return new Refusal('CONFLICT', { detail });
}

/** @throws Refusal BAD_USER_INPUT with every problem */
function checked(request: RoleRequest): { name: string; rank: number; permissions: Permission[] } {
  const wanted = [...new Set(request.permissions)];
  const known = permissions.filter((permission) => wanted.includes(permission));
  const fields: FieldProblem[] = [
    ...(roleNamePattern.test(request.name)
      ? []
      : [
          {
            path: 'input.name',
            code: 'INVALID',
            message: 'Use 2 to 64 capital letters, digits and underscores, a letter first, for example SUPPORT_DESK.',
          },
        ]),
    ...(request.rank >= 0 && request.rank <= maxRank
      ? []
      : [{ path: 'input.rank', code: 'OUT_OF_RANGE', message: `Enter a rank from 0 to ${maxRank}.` }]),
    ...(known.length === wanted.length
      ? []
      : [
          {
            path: 'input.permissions',
            code: 'UNKNOWN_PERMISSION',
            message: `Choose from these permissions: ${permissions.join(', ')}.`,
          },
        ]),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { name: request.name, rank: request.rank, permissions: known };
}
