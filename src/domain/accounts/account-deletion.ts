/** Deletes the caller's own account. What a deletion does is in user-deletion.ts. */
import { refusalFor } from '../access/authority.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { lockViewer } from '../locked-user.ts';
import { assertPassword } from '../sign-in/own-password.ts';
import { transact } from '../transaction.ts';
import type { AccountDeps } from './deps.ts';
import { type Deletion, isLastSuperAdmin, softDelete } from './user-deletion.ts';

/** @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, CONFLICT for the last SUPER_ADMIN */
export async function deleteAccount(deps: AccountDeps, caller: Caller, password: string): Promise<Deletion> {
  const viewer = viewerOf(caller);
  await assertPassword(deps, caller, password, 'input.password');
  return transact<Deletion>(deps, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const isLast = await isLastSuperAdmin(tx, viewer.id);
    const user = await lockViewer(tx, viewer, now);
    if (!isLast) return softDelete(deps, transaction, caller, user);
    audit({
      action: 'administration.refused',
      outcome: 'DENIED',
      target: { type: 'user', id: user.id },
      details: { attempted: 'user.deleted', reason: 'last_super_admin' },
    });
    return refusalFor('last_super_admin');
  });
}
