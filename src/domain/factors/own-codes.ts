/** Judges the codes that signed-in users give for their own account. */
import { withAttempt } from '../attempts/attempt.ts';
import { trustedDeviceOf } from '../attempts/trusted-devices.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import { type Transaction, transact } from '../transaction.ts';
import { refuseCode, reserveCodeAttempt } from './code-attempts.ts';
import type { FactorDeps } from './deps.ts';
import { secondFactorsOf } from './second-factors.ts';
import { type CodeMethod, methodOf, spendCode } from './spend-code.ts';

/**
 * Spends a code of the caller and does what it permits, both in one transaction under the lock of the user.
 * @param input `needs`: the factor that the caller must have
 * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function spendOwnCode<Result>(
  deps: FactorDeps,
  caller: Caller,
  { code, needs }: { code: string; needs?: 'TOTP' },
  effect: (transaction: Transaction, user: LockedUser, proof: FactorProof) => Promise<Result | Refusal>,
): Promise<Result> {
  const factors = await secondFactorsOf(deps.em.fork(), viewerOf(caller).id);
  if (factors.length === 0 || (needs && !factors.includes(needs))) throw new Refusal('MFA_NOT_ENABLED');
  const method = methodOf(code);
  return verifyOwnCode(deps, caller, method, async (transaction, user) => {
    const proof = await spendCode(deps, transaction, caller, user, { method, code });
    return proof && { right: await effect(transaction, user, proof) };
  });
}

/**
 * Reserves an attempt of the caller, checks it and counts it.
 * @param judge returns null for a wrong code; what it wrote is kept
 * @throws Refusal INVALID_MFA_CODE, and UNAUTHENTICATED when the session ended in the meantime
 */
export async function verifyOwnCode<Result>(
  deps: FactorDeps,
  caller: Caller,
  method: CodeMethod,
  judge: (transaction: Transaction, user: LockedUser) => Promise<{ right: Result | Refusal } | null>,
): Promise<Result> {
  const viewer = viewerOf(caller);
  const trustedDevice = await trustedDeviceOf(deps, caller, viewer.email);
  const reserved = await reserveCodeAttempt(deps, caller, viewer.id, { method, trustedDevice });
  return withAttempt(deps.em, reserved, (attempt) =>
    transact<Result>(deps, caller, async (transaction) => {
      const judged = await judge(transaction, await lockViewer(transaction.tx, viewer, transaction.now));
      if (!judged) return refuseCode(transaction, attempt, viewer.id, { method, during: 'session' });
      await attempt.succeed(transaction.tx);
      return judged.right;
    }),
  );
}
