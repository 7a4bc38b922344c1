/** An identity provider that an administrator has added. */
import { defineEntity, p } from '@mikro-orm/core';

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
  /** Whether the tokens of the last sign-in are kept with the identity, sealed. */
  storeTokens: boolean;
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

/** The part of a provider that no query filters by. It contains no secret. */
export interface ProviderSettings {
  iconUrl: string | null;
  endpoints: { authorization: string; token: string; user: string; emails: string | null } | null;
  scopes: readonly string[];
  nativeClientIds: readonly string[];
  mapping: ProfileMapping;
  policy: ProviderPolicy;
  appleKey: { teamId: string; keyId: string } | null;
}

const kinds = ['GOOGLE', 'GITHUB', 'MICROSOFT', 'APPLE', 'OIDC', 'OAUTH2'] as const;

const FederatedProviderSchema = defineEntity({
  name: 'FederatedProvider',
  tableName: 'federated_providers',
  properties: {
    /** Follows from the slug. */
    id: p.uuid().primary(),
    slug: p.string().length(32).unique(),
    kind: p.enum(kinds),
    displayName: p.string().length(100),
    /** Unique: two providers of one issuer would share identities and not their policy. */
    issuer: p.string().length(512).unique(),
    clientId: p.string().length(512),
    /** The client secret, or the private key of an Apple client, sealed with the id; null: a public client. */
    secretSealed: p.blob().nullable(),
    settings: p.json().$type<ProviderSettings>(),
    enabled: p.boolean(),
    /** Sorts the list of providers. */
    position: p.integer(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

export class FederatedProvider extends FederatedProviderSchema.class {}
FederatedProviderSchema.setClass(FederatedProvider);
