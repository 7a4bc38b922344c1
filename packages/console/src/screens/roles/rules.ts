/** Which roles and permissions the viewer may change, as the gateway decides it (docs/administration.md). */

import type { Viewer } from '@postern/react';
import type { RolesQuery } from '../../generated/operations.ts';

export type Role = RolesQuery['roles'][number];

const fixed: ReadonlySet<string> = new Set(['SUPER_ADMIN', 'GUEST']);
const superAdmin = 'SUPER_ADMIN';

export function mayEdit({ permissions, role: own }: Viewer, role: Role): boolean {
  const outranks = own.name === superAdmin || role.rank < own.rank;
  return permissions.includes('roles:write') && outranks && !fixed.has(role.name);
}

export function mayDelete(viewer: Viewer, role: Role): boolean {
  return mayEdit(viewer, role) && !role.system;
}

/** A permission is granted by holders of it only; taking one away is allowed. */
export function mayToggle({ permissions }: Viewer, role: Role, permission: string): boolean {
  return permissions.includes(permission) || role.permissions.includes(permission);
}

export type PermissionGroup = 'own' | 'users' | 'trust' | 'installation';

export function groupOf(permission: string): PermissionGroup {
  if (permission === 'profile:write' || permission.endsWith(':own')) return 'own';
  if (permission.startsWith('users:')) return 'users';
  return permission.startsWith('roles:') || permission.startsWith('audit:') ? 'trust' : 'installation';
}

/** The names without the type: `Mutation.suspendUser` is `suspendUser`, and `Viewer.sessions` stays. */
export function operationName(field: string): string {
  return field.replace(/^(Query|Mutation)\./, '');
}
