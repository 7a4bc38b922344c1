/** What is known about each kind of provider, so that a configuration need not repeat it. */
import type { ProviderEndpoints, ProviderKind } from '../../outbound/providers/provider-server.ts';

export interface WellKnown {
  /** Null: the configuration names it. */
  issuer: string | null;
  /** Null: metadata of the issuer names them. */
  endpoints: ProviderEndpoints | null;
  scopes: readonly string[];
}

const openId = ['openid', 'email', 'profile'];

export const wellKnownProviders: Readonly<Record<ProviderKind, WellKnown>> = {
  GOOGLE: { issuer: 'https://accounts.google.com', endpoints: null, scopes: openId },
  APPLE: { issuer: 'https://appleid.apple.com', endpoints: null, scopes: ['openid', 'email', 'name'] },
  MICROSOFT: { issuer: null, endpoints: null, scopes: openId },
  OIDC: { issuer: null, endpoints: null, scopes: openId },
  OAUTH2: { issuer: null, endpoints: null, scopes: [] },
  GITHUB: {
    issuer: 'https://github.com',
    endpoints: {
      authorization: 'https://github.com/login/oauth/authorize',
      token: 'https://github.com/login/oauth/access_token',
      user: 'https://api.github.com/user',
      emails: 'https://api.github.com/user/emails',
    },
    scopes: ['read:user', 'user:email'],
  },
};
