/** Who asks for passkeys: this service, as its settings say. */
import type { RelyingParty } from '../../security/factors/webauthn.ts';
import type { FactorDeps } from './deps.ts';

export function relyingPartyOf({ settings }: FactorDeps): RelyingParty {
  const { rpId, origins } = settings.passkeys;
  return { id: rpId, name: settings.productName, origins };
}
