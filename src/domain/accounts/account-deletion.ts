/** Deletes the caller's own account. What a deletion does is in user-deletion.ts. */
import { refusalFor } from '../access/authority.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../locked-user.ts';
import { assertPassword } from '../sign-in/own-password.ts';
import { transact } from '../transaction.ts';
import type { AccountDeps } from './deps.ts';
import { type Deletion, isLastSuperAdmin, softDelete } from './user-deletion.ts';

/**
 * @param password null: the account has none
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, CONFLICT for the last
 *   SUPER_ADMIN
 */
export async function deleteAccount(deps: AccountDeps, caller: Caller, password: string | null): Promise<Deletion> {
  const viewer = viewerOf(caller);
  const path = 'input.password';
  if (password !== null) await assertPassword(deps, caller, password, path);
  return transact<Deletion>(deps, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const isLast = await isLastSuperAdmin(tx, viewer.id);
    const user = await lockViewer(tx, viewer, now);
    // Under the lock: the account may have got a password since the request began.
    if (password === null && user.passwordHash != null) return passwordMissing(path);
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

function passwordMissing(path: string): Refusal {
  const message = 'Enter the password of the account.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path, code: 'REQUIRED', message }] });
}
