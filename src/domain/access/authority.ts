/**
 * Ranks: which users an administrator may change. Only a SUPER_ADMIN changes users, or grants roles, of the own rank or
 * above. An administrator grants only permissions that they hold. graphql/permissions/permissions.ts has the permission
 * of each operation.
 */

import { type Authority, findAuthority, findServiceAuthority } from '../../persistence/access/roles.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import type { Denial } from '../audit/actions.ts';
import { type Caller, type Machine, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { ordinaryRole, permissions } from './permissions.ts';

export type { Authority };

const superAdmin = 'SUPER_ADMIN';

/**
 * The caller's role as it is inside this transaction: it may have changed while the caller waited for a lock.
 * @throws Refusal UNAUTHENTICATED when they were suspended or deleted
 */
export async function authorityOf(tx: EntityManager, caller: Caller): Promise<Authority> {
  if (caller.isOperator) return { role: superAdmin, rank: Number.POSITIVE_INFINITY, permissions: [...permissions] };
  const { machine } = caller;
  const authority =
    machine?.kind === 'service' ? await authorityOfService(tx, machine) : await authorityOfUser(tx, viewerOf(caller));
  if (!authority) throw new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
  return authority;
}

/** The present role, within the permissions of the session: a hook may have narrowed them. */
async function authorityOfUser(tx: EntityManager, { id, role }: Viewer): Promise<Authority | null> {
  return within(await findAuthority(tx, id), role.permissions);
}

/** Of a service account: its present role, within the scopes of its key or token. */
async function authorityOfService(
  tx: EntityManager,
  { ownerId, permissions: scopes }: Machine,
): Promise<Authority | null> {
  return within(await findServiceAuthority(tx, ownerId), scopes);
}

function within(authority: Authority | null, permitted: readonly string[]): Authority | null {
  return authority && { ...authority, permissions: authority.permissions.filter((each) => permitted.includes(each)) };
}

/** Whether the administrator may change a user of this rank, or grant it. */
export function outranks(authority: Authority, rank: number): boolean {
  return authority.role === superAdmin || rank < authority.rank;
}

/** Why the administrator may not grant this role; null: they may. */
export function grantProblem(
  authority: Authority,
  role: { rank: number; permissions: readonly string[] },
): Denial | null {
  if (!outranks(authority, role.rank)) return 'rank';
  return missingPermission(authority, role.permissions) === undefined ? null : 'missing_permission';
}

/** Whether a role is above USER, by rank or by a permission: a recent proof is needed to grant it. */
export function grantsPower(role: { rank: number; permissions: readonly string[] }): boolean {
  const held: readonly string[] = ordinaryRole.permissions;
  return role.rank > ordinaryRole.rank || role.permissions.some((permission) => !held.includes(permission));
}

export function missingPermission(authority: Authority, permissions: readonly string[]): string | undefined {
  return permissions.find((permission) => !authority.permissions.includes(permission));
}

export function refusalFor(denial: Denial): Refusal {
  if (denial === 'no_recent_proof') return new Refusal('REAUTHENTICATION_REQUIRED', { detail: denial });
  return new Refusal(denial === 'last_super_admin' ? 'CONFLICT' : 'FORBIDDEN', { detail: denial });
}
