/** Which administrative actions are offered for a user. The gateway decides; what it would refuse is not drawn. */
import type { UserStatus } from '../generated/operations.ts';

export const actionNames = [
  'changeRole',
  'suspend',
  'reactivate',
  'restore',
  'unlock',
  'sendLink',
  'endSessions',
  'resetFactors',
  'resetRisk',
  'delete',
] as const;

export type ActionName = (typeof actionNames)[number];

/** The actions that end access: they are red, and in a dialog their button is filled. */
export function endsAccess(name: ActionName): boolean {
  return name === 'suspend' || name === 'endSessions' || name === 'resetFactors' || name === 'delete';
}

export interface Target {
  id: string;
  status: UserStatus;
  lockedUntil: string | null;
  role: { rank: number };
  mfa: { enabled: boolean };
}

export interface Actor {
  id: string;
  role: { name: string; rank: number };
  permissions: readonly string[];
}

interface Rule {
  /** The actor needs one of each list. */
  permissions: readonly (readonly string[])[];
  isForOneself: boolean;
  fits: (user: Target) => boolean;
}

const isUndeleted = ({ status }: Target) => status !== 'DELETED';
const moderate = [['users:moderate', 'users:write']];
const write = [['users:write']];

const rules: Readonly<Record<ActionName, Rule>> = {
  // The dialog lists the roles.
  changeRole: { permissions: [['roles:assign'], ['roles:read']], isForOneself: true, fits: isUndeleted },
  suspend: {
    permissions: moderate,
    isForOneself: false,
    fits: ({ status }) => status === 'ACTIVE' || status === 'INVITED',
  },
  reactivate: { permissions: moderate, isForOneself: false, fits: ({ status }) => status === 'SUSPENDED' },
  restore: { permissions: [['users:delete']], isForOneself: false, fits: ({ status }) => status === 'DELETED' },
  unlock: {
    permissions: moderate,
    isForOneself: false,
    fits: (user) => isUndeleted(user) && user.lockedUntil !== null,
  },
  sendLink: { permissions: write, isForOneself: true, fits: isUndeleted },
  endSessions: { permissions: write, isForOneself: true, fits: isUndeleted },
  resetFactors: {
    permissions: write,
    isForOneself: false,
    fits: (user) => isUndeleted(user) && user.mfa.enabled,
  },
  resetRisk: { permissions: [['risk:write']], isForOneself: false, fits: isUndeleted },
  delete: { permissions: [['users:delete']], isForOneself: false, fits: isUndeleted },
};

export interface OfferedActions {
  actions: readonly ActionName[];
  /** The permissions are there, but the rank of the user is not below that of the actor. */
  isOutranked: boolean;
}

export function actionsFor(user: Target, actor: Actor): OfferedActions {
  const permitted = actionNames.filter((name) => {
    const { permissions, isForOneself, fits } = rules[name];
    const isHeld = permissions.every((some) => some.some((permission) => actor.permissions.includes(permission)));
    return isHeld && fits(user) && (isForOneself || user.id !== actor.id);
  });
  const isOutranked = !outranks(actor, user.role.rank);
  return { actions: isOutranked ? [] : permitted, isOutranked: isOutranked && permitted.length > 0 };
}

/** Users revoke their own keys, too. */
export function mayRevokeKeys({ id, role }: Pick<Target, 'id' | 'role'>, actor: Actor): boolean {
  return id === actor.id || (actor.permissions.includes('users:write') && outranks(actor, role.rank));
}

/** Only a SUPER_ADMIN changes users, or grants roles, of the own rank or above. */
export function outranks({ role }: Actor, rank: number): boolean {
  return role.name === 'SUPER_ADMIN' || rank < role.rank;
}

export interface GrantableRole {
  rank: number;
  permissions: readonly string[];
}

/** An administrator grants only permissions that they hold. */
export function mayGrant(actor: Actor, { rank, permissions }: GrantableRole): boolean {
  return outranks(actor, rank) && permissions.every((permission) => actor.permissions.includes(permission));
}
