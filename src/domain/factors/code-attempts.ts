/** Counts attempts at the codes and passkeys of a second factor, and records the refused ones. */
import type { Attempt, ReservedAttempt } from '../attempts/attempt.ts';
import { reserveProofAttempt } from '../attempts/proof-attempts.ts';
import type { AuditDetails } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import type { MfaMethod } from './second-factors.ts';

type CodeRefusal = AuditDetails['mfa.code_refused'];

/** @throws Refusal TOO_MANY_ATTEMPTS, SERVICE_BUSY */
export async function reserveCodeAttempt(
  deps: FactorDeps,
  caller: Caller,
  userId: string,
  { method, trustedDevice }: { method: MfaMethod; trustedDevice: string | null },
): Promise<ReservedAttempt> {
  try {
    return await reserveProofAttempt(deps, { by: 'second_factor', userId, trustedDevice });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'TOO_MANY_ATTEMPTS')) throw error;
    const during = caller.viewer ? 'session' : 'sign_in';
    return transact<ReservedAttempt>(deps, caller, async (transaction) => {
      recordRefusedCode(transaction, userId, { method, during, reason: 'locked' });
      return error;
    });
  }
}

/** Counts a wrong code. @returns the refusal for the caller */
export async function refuseCode(
  transaction: Transaction,
  attempt: Attempt,
  userId: string,
  refused: Omit<CodeRefusal, 'reason'>,
): Promise<Refusal> {
  recordRefusedCode(transaction, userId, { ...refused, reason: 'wrong_code' });
  await attempt.fail(transaction);
  return new Refusal('INVALID_MFA_CODE');
}

function recordRefusedCode({ audit }: Transaction, userId: string, details: CodeRefusal): void {
  const outcome = details.reason === 'locked' ? 'DENIED' : 'FAILURE';
  audit({ action: 'mfa.code_refused', outcome, target: { type: 'user', id: userId }, details });
}
