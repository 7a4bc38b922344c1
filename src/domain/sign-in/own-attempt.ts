/** Attempts at proofs inside sessions. Passwords and mailed codes are counted together, by account. */
import type { ReservedAttempt } from '../attempts/attempt.ts';
import { reserveProofAttempt } from '../attempts/proof-attempts.ts';
import type { AuditDetails } from '../audit/actions.ts';
import type { Caller, Viewer } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';

/** @throws Refusal TOO_MANY_ATTEMPTS, SERVICE_BUSY */
export async function reserveOwnAttempt(unit: SignInDeps, caller: Caller, viewer: Viewer): Promise<ReservedAttempt> {
  try {
    return await reserveProofAttempt(unit, { by: 'password', userId: viewer.id });
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'TOO_MANY_ATTEMPTS')) throw error;
    return transact<ReservedAttempt>(unit, caller, async (transaction) => {
      recordRefusedProof(transaction, viewer, 'locked');
      return error;
    });
  }
}

export function recordRefusedProof(
  { audit }: Transaction,
  { id }: Viewer,
  reason: AuditDetails['reauthentication.refused']['reason'],
): void {
  const outcome = reason === 'locked' ? 'DENIED' : 'FAILURE';
  audit({ action: 'reauthentication.refused', outcome, target: { type: 'user', id }, details: { reason } });
}
