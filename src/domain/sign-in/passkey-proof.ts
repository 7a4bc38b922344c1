/** Proves a passkey that replaces the password. A signature cannot be guessed, so no attempts are counted. */
import { Passkey } from '../../persistence/factors/passkey.ts';
import type { Assertion } from '../../security/factors/assertion.ts';
import { uncountedAttempt } from '../attempts/attempt.ts';
import { trustedDeviceOf } from '../attempts/trusted-devices.ts';
import type { PasskeyRefusal } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { onProbation } from '../factors/passkey-probation.ts';
import type { SessionOptions } from '../sessions/start.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, CommonReason, Proof, Rejected } from './proof.ts';
import { alone, usePasskey } from './use-passkey.ts';

interface PasskeyClaim extends Claim {
  passkey: Passkey;
  assertion: Assertion;
}

export interface PasskeyRequest extends Omit<SessionOptions, 'trustedDevice'>, Pick<Claim, 'delivery'> {
  /** Null: the answer was malformed. */
  assertion: Assertion | null;
}

export function passkeyProof(
  unit: SignInDeps,
  caller: Caller,
  request: PasskeyRequest,
): Proof<PasskeyRefusal, PasskeyClaim> {
  return {
    reserve: async () => uncountedAttempt,
    prove: () => prove(unit, caller, request),
    async spend(transaction, user, { assertion }) {
      const used = await usePasskey(unit, transaction, caller, user, assertion, alone);
      return 'rejected' in used ? used : { methods: [], factor: { method: 'PASSKEY', id: used.passkey.id } };
    },
    reject: (reason, _attempt, claim) => reject(unit, caller, reason, claim),
  };
}

/** Finds the passkey. Its signature is verified when it is spent, with the challenge. */
async function prove(
  unit: SignInDeps,
  caller: Caller,
  { assertion, rememberMe, deviceName, delivery }: PasskeyRequest,
): Promise<PasskeyClaim | Rejected<PasskeyRefusal>> {
  if (!assertion) return { rejected: 'malformed' };
  const { credentialId } = assertion;
  const passkey = await unit.em.fork().findOne(Passkey, { credentialId }, { populate: ['user'] });
  // The authenticator must name the user as well (WebAuthn 7.2, step 6).
  if (!passkey || assertion.userId !== passkey.user.id) return { rejected: 'unknown_passkey' };
  const trustedDevice = await trustedDeviceOf(unit, caller, passkey.user.email);
  const options = { rememberMe, deviceName, trustedDevice };
  return { userId: passkey.user.id, options, delivery, passkey, assertion };
}

function reject(
  unit: SignInDeps,
  caller: Caller,
  rejected: PasskeyRefusal | CommonReason,
  claim: PasskeyClaim | null,
): Promise<never> {
  const reason = rejected === 'changed_meanwhile' ? 'inactive' : rejected;
  unit.metrics.signIn(reason);
  return transact<never>(unit, caller, async ({ now, audit }) => {
    audit({
      action: 'passkey.refused',
      outcome: 'FAILURE',
      ...noActor,
      ...(claim && { target: { type: 'user', id: claim.userId } }),
      details: { during: 'sign_in', reason },
    });
    if (reason === 'unconfirmed' && claim?.passkey.aloneFrom)
      return onProbation(claim.passkey.aloneFrom, now, 'input.response');
    return new Refusal(reason === 'suspended' ? 'ACCOUNT_SUSPENDED' : 'INVALID_CREDENTIALS', { detail: reason });
  });
}
