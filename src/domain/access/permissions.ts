/** Every permission there is, and the five roles that Postern brings along. What each permission opens is graphql/permissions/permissions.ts. */
import { ownPermissions as own } from '../../persistence/access/roles.ts';

const moderation = ['users:read', 'users:moderate', 'roles:read'] as const;
const administration = [
  'users:write',
  'users:delete',
  'roles:assign',
  'audit:read',
  'service-accounts:write',
  'tokens:introspect',
  'webhooks:write',
  'risk:write',
  'revocations:read',
  'users:import',
] as const;
const installation = ['roles:write', 'providers:write', 'settings:read', 'signing-keys:write'] as const;

export const permissions = [...own, ...moderation, ...administration, ...installation] as const;
export type Permission = (typeof permissions)[number];

export const roleNamePattern = /^[A-Z][A-Z0-9_]{1,63}$/;

/** The role of a user that registered. */
export const ordinaryRole = { name: 'USER', rank: 20, permissions: own } as const;

/** As they are in a new database; an administrator may have changed the permissions of some (roles.ts). */
export const systemRoles = [
  { name: 'SUPER_ADMIN', rank: 100, permissions },
  { name: 'ADMIN', rank: 80, permissions: [...own, ...moderation, ...administration] },
  { name: 'MODERATOR', rank: 60, permissions: [...own, ...moderation] },
  ordinaryRole,
  { name: 'GUEST', rank: 0, permissions: [] },
] as const satisfies readonly { name: string; rank: number; permissions: readonly Permission[] }[];
