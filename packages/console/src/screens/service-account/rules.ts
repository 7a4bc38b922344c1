/** What an administrator may do with a service account. The gateway decides; what it would refuse is not drawn. */
import type { ServiceAccountDetailFragment, ServiceAccountRowFragment } from '../../generated/operations.ts';
import { type Actor, type GrantableRole, mayGrant } from '../../user-actions/rules.ts';

/** The rights to grant the role are needed. No service account is a SUPER_ADMIN. */
export function mayManage(actor: Actor, role: GrantableRole & { name: string }): boolean {
  return role.name !== 'SUPER_ADMIN' && mayGrant(actor, role);
}

export type ChangeName = 'suspend' | 'reactivate' | 'delete';

export interface ServiceAccountRights {
  changes: readonly ChangeName[];
  /** May create, change and rotate keys, and create client secrets. */
  mayIssue: boolean;
  mayRevoke: boolean;
}

/** The props of the parts of the page. */
export interface ServiceAccountPartProps {
  account: ServiceAccountDetailFragment;
  rights: ServiceAccountRights;
}

const none: ServiceAccountRights = { changes: [], mayIssue: false, mayRevoke: false };

export function rightsOver({ role, status }: ServiceAccountRowFragment, actor: Actor): ServiceAccountRights {
  if (status === 'DELETED' || !mayManage(actor, role)) return none;
  const isActive = status === 'ACTIVE';
  return { changes: [isActive ? 'suspend' : 'reactivate', 'delete'], mayIssue: isActive, mayRevoke: true };
}
