/**
 * Deleting an account, by its owner or an administrator, and bringing it back. Nothing is erased yet: that is
 * account-purge.ts, once the time for bringing it back is over.
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { lockSuperAdmins } from '../../persistence/access/super-admins.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { recordAudit, recordByViewer } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { endMfaTickets } from '../factors/second-factors.ts';
import { revokeSessions } from '../sessions/revoke.ts';

export interface Deletion {
  deletedAt: Date;
  /** When everything about the account will be erased. */
  purgeAt: Date;
}

/** Under the user's lock, and after `isLastSuperAdmin` was asked. Sessions and links end with the commit. */
export async function softDelete(
  tx: EntityManager,
  { clock, settings, outbox }: DomainDependencies,
  user: User,
  { caller, reason = null }: { caller: Caller; reason?: string | null },
): Promise<Deletion> {
  const deletedAt = clock.now();
  const purgeAt = secondsAfter(deletedAt, settings.softDeleteRetentionSeconds);
  const before = { status: user.status };
  Object.assign(user, { status: 'DELETED', deletedAt, updatedAt: deletedAt });
  await tx.nativeDelete(MailToken, { user });
  await endMfaTickets(tx, user.id);
  recordAudit(tx, caller.client, deletedAt, {
    action: 'user.deleted',
    actorId: caller.viewer?.id ?? null,
    target: { type: 'user', id: user.id },
    sessionId: caller.viewer?.session.id ?? null,
    reason,
    details: { before, after: { status: 'DELETED' }, purgeAt: purgeAt.toISOString() },
  });
  await revokeSessions(tx, caller, { user }, 'account_deleted', deletedAt);
  const variables = {
    deletedAt: deletedAt.toISOString(),
    purgeAt: purgeAt.toISOString(),
    ipAddress: caller.viewer?.id === user.id ? caller.client.ipAddress : null,
  };
  await outbox.enqueue(tx, { kind: 'account_deleted', to: user.email, locale: user.locale, variables }, deletedAt);
  return { deletedAt, purgeAt };
}

/**
 * Under the user's lock. They are again what they were; what ended stays ended.
 * @returns false when the time for it is over
 */
export async function restore(
  tx: EntityManager,
  { clock, settings, outbox }: DomainDependencies,
  user: User,
  { caller, reason }: { caller: Caller; reason: string | null },
): Promise<boolean> {
  const now = clock.now();
  if (!user.deletedAt || secondsAfter(user.deletedAt, settings.softDeleteRetentionSeconds) <= now) return false;
  const status = user.suspendedAt ? 'SUSPENDED' : stateBySelf(user);
  Object.assign(user, { status, deletedAt: null, updatedAt: now });
  recordByViewer(tx, caller, now, {
    action: 'user.restored',
    target: { type: 'user', id: user.id },
    reason,
    details: { before: { status: 'DELETED' }, after: { status } },
  });
  // Who is kept out, or never came in, could not do what the mail says.
  if (status !== 'ACTIVE') return true;
  const variables = { restoredAt: now.toISOString() };
  await outbox.enqueue(tx, { kind: 'account_restored', to: user.email, locale: user.locale, variables }, now);
  return true;
}

/** What a user is whom nobody keeps out: who has not accepted the invitation yet is still invited. */
export function stateBySelf({ passwordHash, emailVerifiedAt }: User): 'ACTIVE' | 'INVITED' {
  return passwordHash || emailVerifiedAt ? 'ACTIVE' : 'INVITED';
}

/**
 * Whether nobody could administer everything any more without this user. Locks all who can, so ask before locking the
 * user alone: in another order two callers could wait for each other.
 */
export async function isLastSuperAdmin(tx: EntityManager, userId: string): Promise<boolean> {
  const ids = await lockSuperAdmins(tx);
  return ids.length === 1 && ids[0] === userId;
}
