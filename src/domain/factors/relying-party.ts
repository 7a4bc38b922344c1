/** Who asks for passkeys: this service, as its settings say. */
import type { RelyingParty } from '../../security/factors/webauthn.ts';
import type { DomainDependencies } from '../dependencies.ts';

export function relyingPartyOf({ settings }: DomainDependencies): RelyingParty {
  const { rpId, origins } = settings.passkeys;
  return { id: rpId, name: settings.productName, origins };
}
