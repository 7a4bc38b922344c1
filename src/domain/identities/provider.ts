/** The identity providers that users sign in with, and the rules for what each one says about a user. */
import type { ProviderKind, ProviderServer } from '../../outbound/providers/provider-server.ts';

export type { ProviderKind };

/** What happens when an unknown identity has the verified address of an account. */
export type LinkingPolicy = 'PROVE' | 'VERIFIED' | 'NEVER';

export interface ProviderPolicy {
  linking: LinkingPolicy;
  signUp: 'ALLOW' | 'OFF';
  /** OIDC and OAUTH2: whether the provider verifies the addresses that it calls verified. */
  trustsEmail: boolean;
  /** Values of the ID token that stand for the user's own second factor. */
  trustsMfa: { acr: readonly string[]; amr: readonly string[] };
  /** Domains of verified addresses; empty: any user of the provider. */
  allowedDomains: readonly string[];
  /** MICROSOFT: tenant ids; empty: the issuer names one tenant. */
  allowedTenants: readonly string[];
}

/** OAUTH2: the names of members in the provider's answer about a user. */
export interface ProfileMapping {
  subject: string;
  email: string;
  emailVerified: string;
  displayName: string;
}

export interface Provider extends ProviderServer {
  /** Follows from the slug, so that it stays the same. */
  id: string;
  displayName: string;
  iconUrl: string | null;
  mapping: ProfileMapping;
  policy: ProviderPolicy;
}

export interface Federation {
  /** In the order of the file. */
  providers: readonly Provider[];
  /** Where an application may be returned to, compared as whole texts. */
  returnUrls: readonly string[];
}

export function providerById({ providers }: Federation, id: string): Provider | null {
  return providers.find((provider) => provider.id === id) ?? null;
}

export function providerBySlug({ providers }: Federation, slug: string): Provider | null {
  return providers.find((provider) => provider.slug === slug) ?? null;
}

export function providerIds({ providers }: Federation): string[] {
  return providers.map(({ id }) => id);
}
