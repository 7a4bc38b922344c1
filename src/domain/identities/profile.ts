/**
 * What a provider says about a user, by the rules of its kind. A pure function. An address counts as verified only where
 * the provider is known to have verified it: a wrong answer here would open accounts of other users.
 */
import type { ProviderAnswer, ProviderTokens } from '../../outbound/providers/provider-client.ts';
import type { FederatedReason } from '../errors.ts';
import { normaliseDisplayName } from '../text/display-name.ts';
import { normaliseEmail } from '../text/email-address.ts';
import type { Provider } from './provider.ts';

export interface FederatedProfile {
  issuer: string;
  subject: string;
  email: string | null;
  emailVerified: boolean;
  displayName: string | null;
  /** When the user authenticated at the provider, in seconds since 1970; null: the provider does not say. */
  authenticatedAt: number | null;
  /** Whether the provider has proven a second factor that its policy trusts. */
  mfaTrusted: boolean;
  /** Null, unless the policy of the provider stores them. */
  tokens: ProviderTokens | null;
}

type Claims = ProviderAnswer['claims'];
type Person = Pick<FederatedProfile, 'email' | 'emailVerified' | 'displayName'> & { subject: unknown; issuer: string };

const maxSubjectUnits = 255;
const maxIssuerUnits = 512;
const maxNameUnits = 100;

/**
 * @param user Apple: the parameter `user`, which the first sign-in carries
 * @returns the profile, or why the provider's user may not sign in
 */
export function profileOf(
  provider: Provider,
  answer: ProviderAnswer,
  user: string | null,
): FederatedProfile | { refused: FederatedReason } {
  const { subject, issuer, email, emailVerified, displayName } = personOf(provider, answer, user);
  if (typeof subject !== 'string' || subject === '' || subject.length > maxSubjectUnits)
    return { refused: 'PROVIDER_REFUSED' };
  if (issuer.length > maxIssuerUnits) return { refused: 'PROVIDER_REFUSED' };
  const { claims } = answer;
  const profile = {
    ...{ issuer, subject, email, emailVerified: email !== null && emailVerified, displayName },
    authenticatedAt: typeof claims.auth_time === 'number' ? claims.auth_time : null,
    mfaTrusted: isMfaTrusted(provider, claims),
    tokens: provider.policy.storeTokens ? answer.tokens : null,
  };
  const refused = policyProblem(provider, claims, profile);
  return refused ? { refused } : profile;
}

function personOf(provider: Provider, { claims, emails }: Omit<ProviderAnswer, 'tokens'>, user: string | null): Person {
  const { issuer, kind, mapping, policy } = provider;
  if (kind === 'GITHUB') return { issuer, ...githubPerson(claims, emails) };
  if (kind === 'OAUTH2') {
    const emailVerified = policy.trustsEmail && claims[mapping.emailVerified] === true;
    const displayName = nameIn(claims[mapping.displayName]);
    const subject = textOf(claims[mapping.subject]);
    return { issuer, subject, email: emailIn(claims[mapping.email]), emailVerified, displayName };
  }
  const displayName = nameIn(claims.name) ?? (kind === 'APPLE' ? appleName(user) : null);
  const common = { issuer: typeof claims.iss === 'string' ? claims.iss : issuer, subject: claims.sub, displayName };
  return { ...common, email: emailIn(claims.email), emailVerified: isEmailVerified(provider, claims) };
}

function isEmailVerified({ kind, policy }: Provider, claims: Claims): boolean {
  const { email, email_verified: verified, hd, xms_edov: edov } = claims;
  if (kind === 'GOOGLE')
    return verified === true && (/@gmail\.com$/i.test(String(email)) || (typeof hd === 'string' && hd !== ''));
  if (kind === 'APPLE') return verified === true || verified === 'true';
  // The domain owner is verified. `email_verified` says nothing there, and administrators of a tenant set any address.
  if (kind === 'MICROSOFT') return edov === true || edov === 'true' || edov === 1 || edov === '1';
  return policy.trustsEmail && verified === true;
}

function githubPerson(claims: Claims, emails: readonly unknown[]) {
  const primary = emails.filter(isRecord).find(({ primary: isPrimary }) => isPrimary === true);
  return {
    subject: textOf(claims.id),
    email: emailIn(primary?.email),
    emailVerified: primary?.verified === true,
    displayName: nameIn(claims.name) ?? nameIn(claims.login),
  };
}

function appleName(user: string | null): string | null {
  const { name } = recordIn(user);
  if (!isRecord(name)) return null;
  return nameIn([name.firstName, name.lastName].filter((part) => typeof part === 'string').join(' '));
}

function policyProblem(
  { kind, policy }: Provider,
  { tid }: Claims,
  { email, emailVerified }: Pick<FederatedProfile, 'email' | 'emailVerified'>,
): FederatedReason | null {
  const { allowedTenants, allowedDomains } = policy;
  // openid-client takes the tenant of the issuer from the token itself, so it accepts every tenant.
  if (kind === 'MICROSOFT' && allowedTenants.length > 0 && !allowedTenants.includes(String(tid))) return 'NOT_ALLOWED';
  if (allowedDomains.length === 0) return null;
  if (email === null || !emailVerified) return 'EMAIL_MISSING';
  return allowedDomains.includes(email.slice(email.lastIndexOf('@') + 1)) ? null : 'NOT_ALLOWED';
}

function isMfaTrusted({ policy }: Provider, { acr, amr }: Claims): boolean {
  const { trustsMfa } = policy;
  const methods: unknown[] = Array.isArray(amr) ? amr : [];
  return trustsMfa.acr.some((value) => value === acr) || trustsMfa.amr.some((value) => methods.includes(value));
}

function emailIn(value: unknown): string | null {
  return typeof value === 'string' ? normaliseEmail(value) : null;
}

function nameIn(value: unknown): string | null {
  return typeof value === 'string' ? normaliseDisplayName(value.slice(0, maxNameUnits)) : null;
}

function textOf(value: unknown): unknown {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
}

function recordIn(json: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
