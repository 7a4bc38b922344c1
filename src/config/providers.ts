/** Reads FEDERATED_PROVIDERS: the file with the identity providers. Reports every problem, and never a value. */
import { readFileSync } from 'node:fs';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import type { Provider } from '../domain/identities/provider.ts';
import { providerKinds } from '../outbound/providers/provider-server.ts';
import { wellKnownProviders } from './well-known-providers.ts';

/** Ids follow from slugs: this is the namespace (RFC 9562 5.5). */
const namespace = '7f0c0f6a-6c1e-4b53-9f37-6b4f1c2f8a10';
const maxFileBytes = 1_000_000;

const text = z.string().min(1).max(2000);
const names = z.array(z.string().min(1).max(255)).max(100);
const webUrl = text.refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
  error: 'use an address that begins with https://',
});
const endpoints = z.strictObject({ authorization: webUrl, token: webUrl, user: webUrl, emails: webUrl.optional() });
const policy = z.strictObject({
  linking: z.enum(['PROVE', 'VERIFIED', 'NEVER']).default('PROVE'),
  signUp: z.enum(['ALLOW', 'OFF']).default('ALLOW'),
  trustsEmail: z.boolean().default(false),
  trustsMfa: z.strictObject({ acr: names.default([]), amr: names.default([]) }).default({ acr: [], amr: [] }),
  allowedDomains: names.default([]),
  allowedTenants: names.default([]),
});

const providerSchema = z
  .strictObject({
    slug: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, { error: 'use lower-case letters, digits and -' }),
    kind: z.enum(providerKinds),
    displayName: z.string().trim().min(1).max(100),
    iconUrl: webUrl.optional(),
    issuer: webUrl.optional(),
    endpoints: endpoints.optional(),
    clientId: text,
    clientSecret: text.optional(),
    appleKey: z.strictObject({ teamId: text, keyId: text, privateKey: text }).optional(),
    scopes: names.optional(),
    nativeClientIds: names.default([]),
    mapping: z
      .strictObject({ subject: text, email: text, emailVerified: text, displayName: text })
      .partial()
      .default({}),
    policy: policy.prefault({}),
  })
  .superRefine((given, context) => {
    const known = wellKnownProviders[given.kind];
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (!given.issuer && !known.issuer) issue('issuer', 'is missing');
    if (given.kind === 'OAUTH2' && !given.endpoints) issue('endpoints', 'is missing');
    if (given.endpoints && !known.endpoints && given.kind !== 'OAUTH2')
      issue('endpoints', 'is for GITHUB and OAUTH2 only');
    if (given.kind === 'APPLE' && !given.appleKey) issue('appleKey', 'is missing');
    if (given.kind === 'GITHUB' && !given.clientSecret) issue('clientSecret', 'is missing');
    const isMultiTenant = /\/(common|organizations|consumers)\//.test(given.issuer ?? '');
    if (given.kind === 'MICROSOFT' && isMultiTenant && given.policy.allowedTenants.length === 0)
      issue('policy.allowedTenants', 'is missing: the issuer accepts users of every tenant');
  });

const fileSchema = z.strictObject({ providers: z.array(providerSchema).max(50) });
type ProviderEntry = z.infer<typeof providerSchema>;

/** @param publicUrl the address of the gateway, which the callbacks begin with */
export type ReadProviders = (publicUrl: string) => Provider[];

/** The path of the file. */
export const providersFile = z.string().transform((path, context): ReadProviders => {
  const reject = (problem: string) => {
    context.addIssue(problem);
    return z.NEVER;
  };
  const content = readJson(path);
  if (content === undefined) return reject('use the path of a JSON file with { "providers": [ … ] }');
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    for (const { path: place, message } of parsed.error.issues) context.addIssue(`${place.join('.')}: ${message}`);
    return z.NEVER;
  }
  const { providers } = parsed.data;
  for (const problem of duplicates(providers)) context.addIssue(problem);
  return (publicUrl) => providers.map((entry) => providerFrom(entry, publicUrl));
});

function readJson(path: string): unknown {
  try {
    const content = readFileSync(path, 'utf8');
    return content.length > maxFileBytes ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Subjects are unique within an issuer: two providers of one issuer would share identities and not their policy. */
function duplicates(entries: readonly ProviderEntry[]): string[] {
  const repeated = (values: readonly string[]) => new Set(values).size < values.length;
  return [
    ...(repeated(entries.map(({ slug }) => slug)) ? ['providers: two have the same slug'] : []),
    ...(repeated(entries.map(issuerOf)) ? ['providers: two have the same issuer'] : []),
  ];
}

function issuerOf({ issuer, kind }: ProviderEntry): string {
  return issuer ?? wellKnownProviders[kind].issuer ?? '';
}

function providerFrom(entry: ProviderEntry, publicUrl: string): Provider {
  const known = wellKnownProviders[entry.kind];
  const given = entry.endpoints ? { ...entry.endpoints, emails: entry.endpoints.emails ?? null } : null;
  return {
    ...entry,
    id: uuidv5(entry.slug, namespace),
    iconUrl: entry.iconUrl ?? null,
    issuer: issuerOf(entry),
    endpoints: given ?? known.endpoints,
    clientSecret: entry.clientSecret ?? null,
    appleKey: entry.appleKey ?? null,
    scopes: entry.scopes ?? known.scopes,
    mapping: {
      subject: entry.mapping.subject ?? 'id',
      email: entry.mapping.email ?? 'email',
      emailVerified: entry.mapping.emailVerified ?? 'email_verified',
      displayName: entry.mapping.displayName ?? 'name',
    },
    callbackUrl: `${publicUrl}/auth/callback/${entry.slug}`,
  };
}
