/** The site that passkeys belong to, as WebAuthn names it. */
import type { RelyingParty } from '../../security/factors/webauthn.ts';
import type { FactorDeps } from './deps.ts';

export function relyingPartyOf({ settings }: Pick<FactorDeps, 'settings'>): RelyingParty {
  const { rpId, origins } = settings.passkeys;
  return { id: rpId, name: settings.productName, origins };
}
