/** What sign-in with external providers needs. */
import type { ProviderClient } from '../../outbound/providers/provider-client.ts';
import type { FactorDeps } from '../factors/deps.ts';

export interface IdentityDeps extends FactorDeps {
  providerClient: ProviderClient;
}
