/** Proves a user by an identity of a provider. It cannot be guessed, so no attempts are counted. */

import { User } from '../../persistence/accounts/user.ts';
import { uncountedAttempt } from '../attempts/attempt.ts';
import { trustedDeviceOf } from '../attempts/trusted-devices.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type ProvenIdentity, usedIdentity } from '../identities/redeem.ts';
import type { UsedIdentity } from '../identities/sealed.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, CommonReason, Proof } from './proof.ts';
import type { CheckedOptions } from './sign-in-options.ts';

export interface FederatedRequest extends CheckedOptions {
  userId: string;
  through: UsedIdentity['through'];
}

export function federatedProof(
  unit: SignInDeps,
  caller: Caller,
  proven: ProvenIdentity,
  { userId, through, rememberMe, deviceName, delivery }: FederatedRequest,
): Proof<never> {
  const identity = usedIdentity(proven, through);
  return {
    reserve: async () => uncountedAttempt,
    async prove(): Promise<Claim> {
      const user = await unit.em.fork().findOne(User, { id: userId });
      const trustedDevice = user && (await trustedDeviceOf(unit, caller, user.email));
      return { userId, delivery, options: { rememberMe, deviceName, trustedDevice } };
    },
    spend: async () => ({
      methods: ['FEDERATED'],
      factor: null,
      identity,
      secondFactorTrusted: proven.profile.mfaTrusted,
    }),
    reject: (reason) => reject(unit, caller, identity, reason),
  };
}

function reject(unit: SignInDeps, caller: Caller, { provider }: UsedIdentity, reason: CommonReason): Promise<never> {
  unit.metrics.signIn(reason);
  return transact<never>(unit, caller, async ({ audit }) => {
    const details = { provider, reason: reason === 'suspended' ? 'SUSPENDED' : 'NOT_ALLOWED' } as const;
    audit({ action: 'federated.refused', outcome: 'FAILURE', ...noActor, details });
    if (reason === 'suspended') return new Refusal('ACCOUNT_SUSPENDED', { detail: reason });
    return new Refusal('FEDERATED_LOGIN_FAILED', { reason: 'NOT_ALLOWED', detail: reason });
  });
}
