/** Signs in with the ID token that a native app received from Google or Apple. A token signs in once. */
import { createHash } from 'node:crypto';
import { ProviderFailure } from '../../outbound/providers/errors.ts';
import { insertReceived } from '../../persistence/identities/flows.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { type FederatedReason, Refusal } from '../errors.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { flowSeconds } from '../identities/begin.ts';
import { refusedBy } from '../identities/callback.ts';
import { findProvider } from '../identities/find-provider.ts';
import { type FederatedProfile, profileOf } from '../identities/profile.ts';
import type { Provider } from '../identities/provider.ts';
import { newId } from '../ids.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { type FederatedOutcome, signInProven } from './federated-login.ts';
import { checkedOptions, type SignInOptions } from './sign-in-options.ts';

export interface IdTokenRequest extends SignInOptions {
  providerId: string;
  idToken: string;
  nonce: string;
}

/** @throws Refusal FORBIDDEN, NOT_FOUND, FEDERATED_LOGIN_FAILED, BAD_USER_INPUT; ACCOUNT_SUSPENDED, IDENTITY_TAKEN */
export async function loginWithIdToken(
  unit: SignInDeps,
  caller: Caller,
  { providerId, idToken, nonce, ...given }: IdTokenRequest,
): Promise<FederatedOutcome> {
  await assertMethodEnabled(unit, caller, 'FEDERATED');
  const options = checkedOptions(given);
  const provider = await findProvider(unit, providerId);
  if (!provider || (provider.kind !== 'GOOGLE' && provider.kind !== 'APPLE')) throw new Refusal('NOT_FOUND');
  const profile = await verified(unit, provider, { idToken, nonce });
  const flowId = 'refused' in profile ? null : await receive(unit, caller, provider, { idToken, profile });
  if (flowId !== null && !('refused' in profile))
    return signInProven(unit, caller, { flowId, provider, profile }, options);
  const reason = 'refused' in profile ? profile.refused : 'PROVIDER_REFUSED';
  return transact<never>(unit, caller, async ({ audit }) => {
    audit(refusedBy(provider, reason));
    return new Refusal('FEDERATED_LOGIN_FAILED', { reason });
  });
}

async function verified(
  { providerClient, clock }: SignInDeps,
  provider: Provider,
  token: { idToken: string; nonce: string },
): Promise<FederatedProfile | { refused: FederatedReason }> {
  try {
    const check = { ...token, now: clock.now(), maxAgeSeconds: flowSeconds };
    return profileOf(provider, await providerClient.verifyIdToken(provider, check), null);
  } catch (failure) {
    if (!(failure instanceof ProviderFailure)) throw failure;
    return { refused: failure.reason };
  }
}

/** Stores the token's hash in place of a state, until the token is too old. @returns null when it was received before */
function receive(
  unit: SignInDeps,
  caller: Caller,
  { id: providerId }: Provider,
  { idToken, profile }: { idToken: string; profile: FederatedProfile },
): Promise<string | null> {
  return transact<string | null>(unit, caller, async ({ tx, now }) => {
    const id = newId(now);
    const stateHash = createHash('sha256').update(idToken).digest();
    const seal = (value: object) => unit.sealer.seal(Buffer.from(JSON.stringify(value)), id);
    const flow = { id, stateHash, providerId, secretsSealed: seal({}), profileSealed: seal(profile) };
    return (await insertReceived(tx, { ...flow, now, expiresAt: secondsAfter(now, flowSeconds) })) ? id : null;
  });
}
