/** The identity providers that users sign in with, and the rules for what each one says about a user. */
import type { ProviderKind, ProviderServer } from '../../outbound/providers/provider-server.ts';
import type { LinkingPolicy, ProfileMapping, ProviderPolicy } from '../../persistence/identities/federated-provider.ts';

export type { LinkingPolicy, ProfileMapping, ProviderKind, ProviderPolicy };

export interface Provider extends ProviderServer {
  /** Follows from the slug, so that it stays the same. */
  id: string;
  displayName: string;
  iconUrl: string | null;
  mapping: ProfileMapping;
  policy: ProviderPolicy;
}

/** What everyone may see of a provider. */
export type PublicProvider = Pick<Provider, 'id' | 'slug' | 'kind' | 'displayName' | 'iconUrl'>;

export interface Federation {
  /** Those of the file, in its order. */
  providers: readonly Provider[];
  /** Where an application may be returned to, compared as whole texts. */
  returnUrls: readonly string[];
}
