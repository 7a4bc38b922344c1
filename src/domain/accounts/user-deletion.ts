/**
 * Deletes and restores accounts, for their owners and for administrators. A deletion erases nothing: the purge does, when
 * the account can no longer be restored (account-purge.ts).
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { lockSuperAdmins } from '../../persistence/access/super-admins.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { endKeysOf } from '../applications/change-key.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { endMfaTickets } from '../factors/second-factors.ts';
import type { LockedUser } from '../locked-user.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import type { DomainSettings } from '../settings.ts';
import type { Transaction } from '../transaction.ts';

export interface Deletion {
  deletedAt: Date;
  /** When the account will be erased. */
  purgeAt: Date;
}

interface Retention {
  settings: Pick<DomainSettings, 'softDeleteRetentionSeconds'>;
}

/** Call `isLastSuperAdmin` first. Revokes every session, API key and link. */
export async function softDelete(
  { settings }: Retention,
  { tx, now, audit, mail }: Transaction,
  caller: Caller,
  user: LockedUser,
): Promise<Deletion> {
  const purgeAt = secondsAfter(now, settings.softDeleteRetentionSeconds);
  const isOwner = caller.viewer?.id === user.id;
  const before = { status: user.status };
  Object.assign(user, { status: 'DELETED', deletedAt: now, updatedAt: now });
  await tx.nativeDelete(MailToken, { user });
  await endMfaTickets(tx, user.id);
  audit({
    action: 'user.deleted',
    target: { type: 'user', id: user.id },
    details: { before, after: { status: 'DELETED' }, purgeAt: purgeAt.toISOString() },
  });
  await revokeSessions(tx, caller, { user }, 'account_deleted', now);
  await endKeysOf({ tx, now, audit }, { user: user.id }, isOwner ? 'owner' : 'administrator');
  const variables = {
    deletedAt: now.toISOString(),
    purgeAt: purgeAt.toISOString(),
    ipAddress: isOwner ? caller.client.ipAddress : null,
  };
  await mail({ kind: 'account_deleted', to: user.email, locale: user.locale, variables });
  return { deletedAt: now, purgeAt };
}

/** Restores the status from before the deletion. Sessions stay revoked. @returns false when the time for it is over */
export async function restore(
  { settings }: Retention,
  { now, audit, mail }: Transaction,
  user: LockedUser,
): Promise<boolean> {
  if (!user.deletedAt || secondsAfter(user.deletedAt, settings.softDeleteRetentionSeconds) <= now) return false;
  const status = user.suspendedAt ? 'SUSPENDED' : statusAfterSuspension(user);
  Object.assign(user, { status, deletedAt: null, updatedAt: now });
  audit({
    action: 'user.restored',
    target: { type: 'user', id: user.id },
    details: { before: { status: 'DELETED' }, after: { status } },
  });
  // The mail says that the user can sign in, which suspended and invited users cannot.
  if (status !== 'ACTIVE') return true;
  const variables = { restoredAt: now.toISOString() };
  await mail({ kind: 'account_restored', to: user.email, locale: user.locale, variables });
  return true;
}

/**
 * The status of a user without a suspension: users who did not accept their invitation are still invited. A user without a
 * password and with an unconfirmed address has signed in with a provider.
 */
export function statusAfterSuspension({ passwordHash, emailVerifiedAt, lastLoginAt }: User): 'ACTIVE' | 'INVITED' {
  return passwordHash || emailVerifiedAt || lastLoginAt ? 'ACTIVE' : 'INVITED';
}

/**
 * Whether the user is the only active SUPER_ADMIN. Locks every SUPER_ADMIN, so call it before the user alone is locked:
 * another order could deadlock.
 */
export async function isLastSuperAdmin(tx: EntityManager, userId: string): Promise<boolean> {
  const ids = await lockSuperAdmins(tx);
  return ids.length === 1 && ids[0] === userId;
}
