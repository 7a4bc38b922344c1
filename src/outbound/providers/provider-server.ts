/** An identity provider as a server: its addresses, and the credentials of the gateway there. */

export const providerKinds = ['GOOGLE', 'GITHUB', 'MICROSOFT', 'APPLE', 'OIDC', 'OAUTH2'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** Of OAuth 2.0 providers, which publish no metadata. */
export interface ProviderEndpoints {
  authorization: string;
  token: string;
  /** Answers JSON about the user. */
  user: string;
  /** GitHub: the list of addresses of the user. */
  emails: string | null;
}

/** Apple signs no fixed secret: the gateway signs one with this key. */
export interface AppleKey {
  teamId: string;
  keyId: string;
  /** PKCS #8 in PEM. */
  privateKey: string;
}

/** The addresses that the gateway itself calls, by the field that names them. */
export function calledAddresses({
  issuer,
  endpoints,
}: Pick<ProviderServer, 'issuer' | 'endpoints'>): Readonly<Record<string, string>> {
  if (!endpoints) return { issuer };
  const { token, user, emails } = endpoints;
  return { 'endpoints.token': token, 'endpoints.user': user, ...(emails !== null && { 'endpoints.emails': emails }) };
}

export interface ProviderServer {
  slug: string;
  kind: ProviderKind;
  /** The issuer of OpenID Connect; of an OAuth 2.0 provider, the origin under which its subjects are unique. */
  issuer: string;
  /** Null: read from the metadata of the issuer. */
  endpoints: ProviderEndpoints | null;
  clientId: string;
  /** Null: the client is public, or an Apple client. */
  clientSecret: string | null;
  appleKey: AppleKey | null;
  scopes: readonly string[];
  /** Client ids of native apps, whose ID tokens are accepted as well. */
  nativeClientIds: readonly string[];
  /** Where the provider sends the browser back. */
  callbackUrl: string;
}
