/** Suspends, reactivates, deletes and restores users. Every function throws what `changeUser` throws. */
import { restore, softDelete, statusAfterSuspension } from '../accounts/user-deletion.ts';
import type { Caller } from '../caller.ts';
import { endMfaTickets } from '../factors/second-factors.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import type { DomainSettings } from '../settings.ts';
import type { Unit } from '../transaction.ts';
import { changeUser, conflict, type Instruction, undeleted } from './user-change.ts';
import type { ManagedUser } from './users.ts';

type DeletionUnit = Unit & { settings: Pick<DomainSettings, 'softDeleteRetentionSeconds'> };

/** Revokes every session. */
export function suspendUser(unit: Unit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.suspended', of: ['ACTIVE', 'INVITED'], toOneself: false, leaves: true } as const;
  return changeUser(unit, caller, instruction, demands, async ({ tx, user, now, audit }) => {
    const before = { status: user.status };
    Object.assign(user, { status: 'SUSPENDED', suspendedAt: now, updatedAt: now });
    audit({ action: 'user.suspended', details: { before, after: { status: 'SUSPENDED' } } });
    await endMfaTickets(tx, user.id);
    await revokeSessions(tx, caller, { user }, 'suspended', now);
    return null;
  });
}

export function reactivateUser(unit: Unit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.reactivated', of: ['SUSPENDED'], toOneself: false, leaves: false } as const;
  return changeUser(unit, caller, instruction, demands, async ({ user, now, audit }) => {
    const before = { status: user.status };
    const status = statusAfterSuspension(user);
    Object.assign(user, { status, suspendedAt: null, updatedAt: now });
    audit({ action: 'user.reactivated', details: { before, after: { status } } });
    return null;
  });
}

/** Revokes every session and link. The account can be restored until it is purged. */
export function deleteUser(unit: DeletionUnit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.deleted', of: undeleted, toOneself: false, leaves: true } as const;
  return changeUser(unit, caller, instruction, demands, async (change) => {
    await softDelete(unit, change, caller, change.user);
    return null;
  });
}

/** The link of an earlier invitation stays invalid: send another one. */
export function restoreUser(unit: DeletionUnit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.restored', of: ['DELETED'], toOneself: false, leaves: false } as const;
  return changeUser(unit, caller, instruction, demands, async (change) =>
    (await restore(unit, change, change.user)) ? null : conflict('the time to restore it is over'),
  );
}
