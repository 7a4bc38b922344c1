/** Checks a passkey of a signed-in user. A signature cannot be guessed, so no attempts are counted. */
import type { Assertion } from '../../security/factors/assertion.ts';
import type { PasskeyRefusal } from '../audit/actions.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { Occasion } from '../factors/passkey-challenges.ts';
import { onProbation } from '../factors/passkey-probation.ts';
import type { LockedUser } from '../locked-user.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import type { Transaction } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { usePasskey } from './use-passkey.ts';

/** The session that authenticates again: a signature for another session or for a sign-in is rejected. */
export function reauthenticationOf(caller: Caller): Occasion {
  return { purpose: 'REAUTHENTICATION', boundTo: viewerOf(caller).session.id };
}

/**
 * What it writes is kept, also when it refuses.
 * @param assertion null: the answer was malformed
 */
export async function proveOwnPasskey(
  unit: SignInDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  assertion: Assertion | null,
): Promise<FactorProof | Refusal> {
  if (!assertion) return refuse(transaction, user, 'malformed');
  const used = await usePasskey(unit, transaction, caller, user, assertion, reauthenticationOf(caller));
  if ('passkey' in used) return { method: 'PASSKEY', id: used.passkey.id };
  const refusal = refuse(transaction, user, used.rejected);
  return used.aloneFrom ? onProbation(used.aloneFrom, transaction.now, 'input.passkey') : refusal;
}

function refuse({ audit }: Transaction, { id }: LockedUser, reason: PasskeyRefusal): Refusal {
  const details = { during: 'session', reason } as const;
  audit({ action: 'passkey.refused', outcome: 'FAILURE', target: { type: 'user', id }, details });
  return new Refusal('INVALID_CREDENTIALS', { detail: reason });
}
