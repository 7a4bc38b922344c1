/**
 * Roles: what there is, and roles of the operator's own. The two ends of the hierarchy never change: without a whole
 * SUPER_ADMIN everybody could be locked out, and as GUEST those are judged who did not sign in.
 */
import { Role as RoleEntity } from '../../persistence/access/role.ts';
import { findRoleNames, insertRole } from '../../persistence/access/roles.ts';
import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { type Authority, authorityOf, grantProblem, outranks, refusalFor } from '../access/authority.ts';
import { type Permission, permissions } from '../access/permissions.ts';
import { type AuditEvent, type Denial, recordByViewer } from '../audit/record.ts';
import type { Caller, Role } from '../caller.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { type FieldProblem, Refusal } from '../errors.ts';

export interface RoleRequest {
  name: string;
  rank: number;
  permissions: readonly string[];
}

/** What is absent or null stays. */
export interface RoleChange {
  name: string;
  rank?: number | null | undefined;
  permissions?: readonly string[] | null | undefined;
}

const unchangeable: ReadonlySet<string> = new Set(['SUPER_ADMIN', 'GUEST']);
const namePattern = /^[A-Z][A-Z0-9_]{1,63}$/;
/** SUPER_ADMIN's own rank stays its alone. */
const maxRank = 99;

/** What a transaction came to: the role, or why not. */
type Outcome = Role | { denied: Denial } | { conflict: string } | null;

export class Roles {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** Highest rank first. */
  async list(): Promise<Role[]> {
    const roles = await this.#deps.em.fork().findAll(RoleEntity, { orderBy: { rank: 'desc', name: 'asc' } });
    return roles.map(roleFrom);
  }

  /** @returns one answer for each name, in their order: an error where there is no such role, which no user's can be */
  async byNames(names: readonly string[]): Promise<(Role | Error)[]> {
    const roles = new Map((await this.list()).map((role) => [role.name, role]));
    return names.map((name) => roles.get(name) ?? new Error('a user has a role that there is not'));
  }

  /** @throws Refusal FORBIDDEN, BAD_USER_INPUT, CONFLICT when the name is taken */
  async create(caller: Caller, request: RoleRequest): Promise<Role> {
    const after = checked(request);
    return this.#change(caller, 'role.created', request.name, async (tx, authority) => {
      const denied = grantProblem(authority, after);
      if (denied) return { denied };
      if (!(await insertRole(tx, after))) return { conflict: 'the name is taken' };
      const { name, ...details } = after;
      this.#record(tx, caller, name, { action: 'role.created', details: { after: details } });
      return { ...after, system: false };
    });
  }

  /** @throws Refusal FORBIDDEN, BAD_USER_INPUT, NOT_FOUND, CONFLICT when it is a part of a system role that is fixed */
  async update(caller: Caller, request: RoleChange): Promise<Role> {
    return this.#change(caller, 'role.updated', request.name, async (tx, authority, role) => {
      if (!role) return null;
      const before = { rank: role.rank, permissions: [...role.permissions] };
      if (!outranks(authority, role.rank)) return { denied: 'rank' };
      if (unchangeable.has(role.name)) return { conflict: 'a role that never changes' };
      const after = checked({
        name: role.name,
        rank: request.rank ?? before.rank,
        permissions: request.permissions ?? before.permissions,
      });
      if (role.system && after.rank !== before.rank) return { conflict: 'the rank of a system role' };
      const added = after.permissions.filter((permission) => !before.permissions.includes(permission));
      const denied = grantProblem(authority, { rank: after.rank, permissions: added });
      if (denied) return { denied };
      Object.assign(role, { rank: after.rank, permissions: after.permissions });
      const details = { before, after: { rank: after.rank, permissions: after.permissions } };
      this.#record(tx, caller, role.name, { action: 'role.updated', details });
      return roleFrom(role);
    });
  }

  /** @throws Refusal FORBIDDEN, NOT_FOUND, CONFLICT for a system role, and while users have it */
  async delete(caller: Caller, name: string): Promise<Role> {
    return this.#change(caller, 'role.deleted', name, async (tx, authority, role) => {
      if (!role) return null;
      const before = { rank: role.rank, permissions: [...role.permissions] };
      if (!outranks(authority, role.rank)) return { denied: 'rank' };
      if (role.system) return { conflict: 'a system role' };
      if (this.#deps.settings.mfaRequiredFor.includes(role.name)) return { conflict: 'MFA_REQUIRED_FOR names it' };
      // Whoever grants a role holds a lock on it until they are done, so nobody comes in between.
      if ((await tx.count(User, { role: role.name })) > 0) return { conflict: 'users have it' };
      tx.remove(role);
      this.#record(tx, caller, role.name, { action: 'role.deleted', details: { before } });
      return roleFrom(role);
    });
  }

  /** Runs a change under the role's lock; a refusal is written before it is thrown. */
  async #change(
    caller: Caller,
    attempted: 'role.created' | 'role.updated' | 'role.deleted',
    name: string,
    change: (tx: EntityManager, authority: Authority, role: RoleEntity | null) => Promise<Outcome>,
  ): Promise<Role> {
    const outcome = await this.#deps.em.fork().transactional(async (tx) => {
      const known = namePattern.test(name);
      const role = known ? await tx.findOne(RoleEntity, { name }, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
      const changed = await change(tx, await authorityOf(tx, caller), role);
      if (changed && 'denied' in changed) {
        const details = { attempted, reason: changed.denied };
        this.#record(tx, caller, name, { action: 'administration.refused', outcome: 'DENIED', details });
      }
      return changed;
    });
    if (outcome === null) throw new Refusal('NOT_FOUND');
    if ('denied' in outcome) throw refusalFor(outcome.denied);
    if ('conflict' in outcome) throw new Refusal('CONFLICT', { detail: outcome.conflict });
    return outcome;
  }

  #record(tx: EntityManager, caller: Caller, name: string, event: AuditEvent): void {
    recordByViewer(tx, caller, this.#deps.clock.now(), { ...event, target: { type: 'role', id: name } });
  }
}

/** A role that somebody is about to grant: until they are done, nobody changes or deletes it. */
export async function lockRole(tx: EntityManager, name: string): Promise<RoleEntity | null> {
  return namePattern.test(name) ? tx.findOne(RoleEntity, { name }, { lockMode: LockMode.PESSIMISTIC_READ }) : null;
}

/** @returns the refusal, with the names of all roles */
export async function unknownRole(em: EntityManager): Promise<Refusal> {
  const message = `Choose one of the roles ${(await findRoleNames(em)).join(', ')}.`;
  const problem = { path: 'input.role', code: 'UNKNOWN_ROLE', message };
  return new Refusal('BAD_USER_INPUT', { fields: [problem] });
}

/** @throws Refusal BAD_USER_INPUT with every problem */
function checked(request: RoleRequest): { name: string; rank: number; permissions: Permission[] } {
  const wanted = [...new Set(request.permissions)];
  const known = permissions.filter((permission) => wanted.includes(permission));
  const fields: FieldProblem[] = [
    ...(namePattern.test(request.name)
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

function roleFrom({ name, rank, permissions: granted, system }: RoleEntity): Role {
  return { name, rank, permissions: [...granted], system };
}
