/** The signed-in user under their row's lock: the beginning of everything that changes an account from inside. */

import { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { Viewer } from '../caller.ts';
import { Refusal } from '../errors.ts';

/**
 * Asks once more whether they are signed in: a session that ended while its request was on the way, by a change of the
 * password for one, must not do what the end was to prevent.
 * @throws Refusal UNAUTHENTICATED
 */
export async function lockViewer(tx: EntityManager, viewer: Viewer, now: Date): Promise<User> {
  const active = { id: viewer.id, status: 'ACTIVE' } as const;
  const user = await tx.findOne(User, active, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const living = { id: viewer.session.id, revokedAt: null, expiresAt: { $gt: now } };
  if (!user || (await tx.count(TokenFamily, living)) === 0)
    throw new Refusal('UNAUTHENTICATED', { reason: 'SESSION_REVOKED' });
  return user;
}
