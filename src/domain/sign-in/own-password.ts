/** Checks the password of a signed-in user. All attempts inside sessions are counted together, by account. */
import { User } from '../../persistence/accounts/user.ts';
import { type ReservedAttempt, withAttempt } from '../attempts/attempt.ts';
import { reserveProofAttempt } from '../attempts/proof-attempts.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';

/**
 * The sessions of the user stay valid when the password is wrong.
 * @param path of the password in the input
 * @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function assertPassword(unit: SignInDeps, caller: Caller, password: string, path: string): Promise<void> {
  const viewer = viewerOf(caller);
  await withAttempt(unit.em, await reserve(unit, caller, viewer), async (attempt) => {
    const user = await unit.em.fork().findOne(User, { id: viewer.id });
    const hashes = user?.passwordHash ? [user.passwordHash] : [];
    if ((await unit.hasher.verify(hashes, password)) !== -1) return attempt.succeed(unit.em);
    return transact<void>(unit, caller, async (transaction) => {
      await attempt.fail(transaction);
      recordRefusal(transaction, viewer, 'wrong_password');
      const message = 'The password is wrong.';
      return new Refusal('INVALID_CREDENTIALS', { fields: [{ path, code: 'WRONG_PASSWORD', message }] });
    });
  });
}

async function reserve(unit: SignInDeps, caller: Caller, viewer: Viewer): Promise<ReservedAttempt> {
  try {
    return await reserveProofAttempt(unit, { by: 'password', userId: viewer.id });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'TOO_MANY_ATTEMPTS')) throw error;
    return transact<ReservedAttempt>(unit, caller, async (transaction) => {
      recordRefusal(transaction, viewer, 'locked');
      return error;
    });
  }
}

function recordRefusal(
  { audit }: Transaction,
  { id }: Viewer,
  reason: AuditDetails['reauthentication.refused']['reason'],
): void {
  const outcome = reason === 'locked' ? 'DENIED' : 'FAILURE';
  audit({ action: 'reauthentication.refused', outcome, target: { type: 'user', id }, details: { reason } });
}
