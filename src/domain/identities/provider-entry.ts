/** What an operator or an administrator says about a provider: its checks, and the provider that follows from it. */
import { v5 as uuidv5 } from 'uuid';
import type { AppleKey, ProviderEndpoints, ProviderKind } from '../../outbound/providers/provider-server.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';
import type { ProfileMapping, Provider, ProviderPolicy } from './provider.ts';
import { wellKnownProviders } from './well-known-providers.ts';

type Optional<Value> = Value | null | undefined;
type Given<Shape> = { [Key in keyof Shape]?: Optional<Shape[Key]> };

export interface ProviderEntry {
  slug: string;
  kind: ProviderKind;
  displayName: string;
  iconUrl?: Optional<string>;
  issuer?: Optional<string>;
  endpoints?: Optional<Omit<ProviderEndpoints, 'emails'> & { emails?: Optional<string> }>;
  clientId: string;
  clientSecret?: Optional<string>;
  appleKey?: Optional<AppleKey>;
  scopes?: Optional<readonly string[]>;
  nativeClientIds?: Optional<readonly string[]>;
  mapping?: Optional<Given<ProfileMapping>>;
  policy?: Optional<
    Given<Omit<ProviderPolicy, 'trustsMfa'>> & { trustsMfa?: Optional<Given<ProviderPolicy['trustsMfa']>> }
  >;
}

export interface EntryProblem {
  /** For example `endpoints.token`. */
  field: string;
  code: string;
  message: string;
}

/** Ids follow from slugs: this is the namespace (RFC 9562 5.5). */
const namespace = '7f0c0f6a-6c1e-4b53-9f37-6b4f1c2f8a10';
const maxIssuerUnits = 512;

/** A provider keeps its id, and with it the identities of its users, when it moves from the database to the file. */
export function providerIdOf(slug: string): string {
  return uuidv5(slug, namespace);
}

export function entryProblems(entry: ProviderEntry): EntryProblem[] {
  const { slug, kind, displayName, issuer, endpoints, clientId, clientSecret, appleKey, policy } = entry;
  const known = wellKnownProviders[kind];
  const isMultiTenant = /\/(common|organizations|consumers)\//.test(issuer ?? '');
  const name = normaliseDisplayName(displayName);
  const problem = (field: string, code: string, message: string): EntryProblem => ({ field, code, message });
  const missing = (field: string, isMissing: boolean, message: string) =>
    isMissing ? [problem(field, 'REQUIRED', message)] : [];
  return [
    ...(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(slug)
      ? []
      : [problem('slug', 'INVALID', 'Use up to 32 lower-case letters, digits and hyphens.')]),
    ...missing('displayName', name === null, 'Enter the name for a button.'),
    ...displayNameProblems(name, 'displayName').map(({ path, ...rest }) => ({ field: path, ...rest })),
    ...missing('clientId', clientId === '', 'Enter the client id that the provider has issued.'),
    ...missing('issuer', !issuer && !known.issuer, 'Enter the issuer of the provider.'),
    ...missing('endpoints', kind === 'OAUTH2' && !endpoints, 'Enter the endpoints of the provider.'),
    ...(endpoints && !known.endpoints && kind !== 'OAUTH2'
      ? [problem('endpoints', 'NOT_APPLICABLE', 'Only GITHUB and OAUTH2 have endpoints: remove them.')]
      : []),
    ...missing('appleKey', kind === 'APPLE' && !appleKey, 'Enter the key of the Apple developer team.'),
    ...missing('clientSecret', kind === 'GITHUB' && !clientSecret, 'Enter the client secret.'),
    ...missing(
      'policy.allowedTenants',
      kind === 'MICROSOFT' && isMultiTenant && !policy?.allowedTenants?.length,
      'List the tenants: the issuer accepts users of every tenant.',
    ),
    ...addressProblems(entry),
  ];
}

function addressProblems({ issuer, iconUrl, endpoints }: ProviderEntry): EntryProblem[] {
  const addresses = { issuer, iconUrl, ...prefixed(endpoints) };
  return Object.entries(addresses).flatMap(([field, value]) =>
    value == null || isWebAddress(value)
      ? []
      : [{ field, code: 'INVALID', message: 'Use an address that begins with https://.' }],
  );
}

function prefixed(endpoints: ProviderEntry['endpoints']): Record<string, Optional<string>> {
  return Object.fromEntries(Object.entries(endpoints ?? {}).map(([name, value]) => [`endpoints.${name}`, value]));
}

function isWebAddress(text: string): boolean {
  return text.length <= maxIssuerUnits && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

export function callbackUrlOf(publicUrl: string, slug: string): string {
  return `${publicUrl}/auth/callback/${slug}`;
}

export function issuerOf({ issuer, kind }: Pick<ProviderEntry, 'issuer' | 'kind'>): string {
  return issuer ?? wellKnownProviders[kind].issuer ?? '';
}

/**
 * @param entry without problems
 * @param publicUrl the address of the gateway, which the callback begins with
 */
export function providerFrom(entry: ProviderEntry, publicUrl: string): Provider {
  const { slug, kind, endpoints, mapping, policy } = entry;
  const known = wellKnownProviders[kind];
  return {
    id: providerIdOf(slug),
    slug,
    kind,
    displayName: normaliseDisplayName(entry.displayName) ?? slug,
    iconUrl: entry.iconUrl ?? null,
    issuer: issuerOf(entry),
    endpoints: endpoints ? { ...endpoints, emails: endpoints.emails ?? null } : known.endpoints,
    clientId: entry.clientId,
    clientSecret: entry.clientSecret ?? null,
    appleKey: entry.appleKey ?? null,
    scopes: entry.scopes ?? known.scopes,
    nativeClientIds: entry.nativeClientIds ?? [],
    mapping: {
      subject: mapping?.subject ?? 'id',
      email: mapping?.email ?? 'email',
      emailVerified: mapping?.emailVerified ?? 'email_verified',
      displayName: mapping?.displayName ?? 'name',
    },
    policy: {
      linking: policy?.linking ?? 'PROVE',
      signUp: policy?.signUp ?? 'ALLOW',
      trustsEmail: policy?.trustsEmail ?? false,
      trustsMfa: { acr: policy?.trustsMfa?.acr ?? [], amr: policy?.trustsMfa?.amr ?? [] },
      storeTokens: policy?.storeTokens ?? false,
      allowedDomains: policy?.allowedDomains ?? [],
      allowedTenants: policy?.allowedTenants ?? [],
    },
    callbackUrl: callbackUrlOf(publicUrl, slug),
  };
}
