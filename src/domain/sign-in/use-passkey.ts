/** Verifies the signature of a passkey, and spends the challenge that it signed. */
import type { User } from '../../persistence/accounts/user.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { usePasskey as countUse } from '../../persistence/factors/passkeys.ts';
import { type Assertion, verifyAssertion } from '../../security/factors/assertion.ts';
import type { PasskeyRefusal } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { type Occasion, redeemChallenge } from '../factors/passkey-challenges.ts';
import { relyingPartyOf } from '../factors/relying-party.ts';
import type { LockedUser } from '../locked-user.ts';
import type { Transaction } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Rejected } from './proof.ts';

/** The passkey replaces the password. */
export const alone: Occasion = { purpose: 'SIGN_IN', boundTo: null };

export function secondStepOf({ id }: { id: string }): Occasion {
  return { purpose: 'SECOND_STEP', boundTo: id };
}

/** `aloneFrom`: when a passkey on probation will be accepted. */
export type RejectedPasskey = Rejected<PasskeyRefusal> & { aloneFrom?: Date };

/**
 * What it writes is kept, also when it rejects: a challenge is spent with its answer, and a copied key is recorded.
 * @returns the passkey of the user that signed for this occasion
 */
export async function usePasskey(
  deps: SignInDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  assertion: Assertion,
  occasion: Occasion,
): Promise<{ passkey: Passkey } | RejectedPasskey> {
  const { tx, now } = transaction;
  const { credentialId, userId, challenge } = assertion;
  const passkey = await tx.findOne(Passkey, { user: user.id, credentialId });
  if (!passkey || (userId !== null && userId !== user.id)) return { rejected: 'unknown_passkey' };
  const { id, publicKey } = passkey;
  const isAlone = occasion.purpose !== 'SECOND_STEP';
  // Alone it stands for two factors: the key, and what unlocks it (NIST SP 800-63B 2.2).
  const userVerification = isAlone ? 'required' : 'discouraged';
  const use = await verifyAssertion(relyingPartyOf(deps), assertion, { publicKey, userVerification });
  if (!use) return { rejected: 'not_verified' };
  if (!(await redeemChallenge(transaction, challenge, occasion))) return { rejected: 'unknown_challenge' };
  if (!(await countUse(tx, { id, ...use, now }))) {
    await recordClone(transaction, caller, user, passkey, use.counter);
    return { rejected: 'clone_suspected' };
  }
  const { aloneFrom } = passkey;
  const isOnProbation = isAlone && aloneFrom != null && aloneFrom > now;
  return isOnProbation ? { rejected: 'unconfirmed', aloneFrom } : { passkey };
}

/** Two authenticators sign with one key: each has a counter of its own. */
async function recordClone(
  { now, audit, mail }: Transaction,
  { client }: Caller,
  user: User,
  { id: passkeyId, name, counter }: Passkey,
  presentedCounter: number,
): Promise<void> {
  audit({
    action: 'passkey.clone_suspected',
    outcome: 'DENIED',
    ...noActor,
    target: { type: 'user', id: user.id },
    details: { passkeyId, counter, presentedCounter },
  });
  const variables = { name, detectedAt: now.toISOString(), ipAddress: client.ipAddress };
  await mail({ kind: 'passkey_clone_suspected', to: user.email, locale: user.locale, variables });
}
