/** Reads FEDERATED_PROVIDERS: the file with the identity providers. Reports every problem, and never a value. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Provider } from '../domain/identities/provider.ts';
import { entryProblems, issuerOf, providerFrom } from '../domain/identities/provider-entry.ts';
import { providerKinds } from '../outbound/providers/provider-server.ts';

const maxFileBytes = 1_000_000;

const text = z.string().min(1).max(2000);
const names = z.array(z.string().min(1).max(255)).max(100);

const providerSchema = z
  .strictObject({
    slug: text,
    kind: z.enum(providerKinds),
    displayName: text,
    iconUrl: text.optional(),
    issuer: text.optional(),
    endpoints: z.strictObject({ authorization: text, token: text, user: text, emails: text.optional() }).optional(),
    clientId: text,
    clientSecret: text.optional(),
    appleKey: z.strictObject({ teamId: text, keyId: text, privateKey: text }).optional(),
    scopes: names.optional(),
    nativeClientIds: names.optional(),
    mapping: z
      .strictObject({ subject: text, email: text, emailVerified: text, displayName: text })
      .partial()
      .optional(),
    policy: z
      .strictObject({
        linking: z.enum(['PROVE', 'VERIFIED', 'NEVER']),
        signUp: z.enum(['ALLOW', 'OFF']),
        trustsEmail: z.boolean(),
        trustsMfa: z.strictObject({ acr: names, amr: names }).partial(),
        storeTokens: z.boolean(),
        allowedDomains: names,
        allowedTenants: names,
      })
      .partial()
      .optional(),
  })
  .superRefine((entry, context) => {
    for (const { field, message } of entryProblems(entry))
      context.addIssue({ code: 'custom', path: field.split('.'), message });
  });

const fileSchema = z.strictObject({ providers: z.array(providerSchema).max(50) });

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
  if (isRepeated(providers.map(({ slug }) => slug))) context.addIssue('providers: two have the same slug');
  // Subjects are unique within an issuer: two providers of one issuer would share identities and not their policy.
  if (isRepeated(providers.map(issuerOf))) context.addIssue('providers: two have the same issuer');
  return (publicUrl) => providers.map((entry) => providerFrom(entry, publicUrl));
});

function isRepeated(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

function readJson(path: string): unknown {
  try {
    const content = readFileSync(path, 'utf8');
    return content.length > maxFileBytes ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}
