/** Users whose row is locked until the transaction ends. Functions that need the lock take a `LockedUser`. */
import { User, type UserStatus } from '../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { TokenFamily } from '../persistence/sessions/token-family.ts';
import type { Viewer } from './caller.ts';
import { Refusal } from './errors.ts';

declare const locked: unique symbol;

/** Only `lockUser` and `lockViewer` make one. */
export type LockedUser = User & { readonly [locked]: true };

/** @returns null without such a user. @param where a state that the user must have under the lock */
export async function lockUser(
  tx: EntityManager,
  id: string,
  where: { status?: UserStatus; deletedAt?: { $lt: Date } } = {},
): Promise<LockedUser | null> {
  const user = await tx.findOne(User, { id, ...where }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return user as LockedUser | null;
}

/**
 * Locks the signed-in user and checks the session again: it may have been revoked while the request was on its way.
 * @throws Refusal UNAUTHENTICATED
 */
export async function lockViewer(tx: EntityManager, viewer: Viewer, now: Date): Promise<LockedUser> {
  const user = await lockUser(tx, viewer.id, { status: 'ACTIVE' });
  const living = { id: viewer.session.id, revokedAt: null, expiresAt: { $gt: now } };
  if (!user || (await tx.count(TokenFamily, living)) === 0)
    throw new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
  return user;
}
