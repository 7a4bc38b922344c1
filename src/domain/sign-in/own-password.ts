/** Checks the password of a signed-in user. All attempts inside sessions are counted together, by account. */
import { User } from '../../persistence/accounts/user.ts';
import { withAttempt } from '../attempts/attempt.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { recordRefusedProof, reserveOwnAttempt } from './own-attempt.ts';

/**
 * The sessions of the user stay valid when the password is wrong.
 * @param path of the password in the input
 * @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function assertPassword(unit: SignInDeps, caller: Caller, password: string, path: string): Promise<void> {
  const viewer = viewerOf(caller);
  await withAttempt(unit.em, await reserveOwnAttempt(unit, caller, viewer), async (attempt) => {
    const user = await unit.em.fork().findOne(User, { id: viewer.id });
    const hashes = user?.passwordHash ? [user.passwordHash] : [];
    if ((await unit.hasher.verify(hashes, password)) !== -1) return attempt.succeed(unit.em);
    return transact<void>(unit, caller, async (transaction) => {
      await attempt.fail(transaction);
      recordRefusedProof(transaction, viewer, 'wrong_password');
      const message = 'The password is wrong.';
      return new Refusal('INVALID_CREDENTIALS', { fields: [{ path, code: 'WRONG_PASSWORD', message }] });
    });
  });
}
