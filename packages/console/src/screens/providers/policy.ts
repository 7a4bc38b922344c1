/** The policy of a provider in its settings, which the schema leaves open, and lists in a field of text. */
import type { FederatedPolicyInput, LinkingPolicy, SignUpPolicy } from '../../generated/operations.ts';

const linkings: readonly LinkingPolicy[] = ['PROVE', 'VERIFIED', 'NEVER'];
const signUps: readonly SignUpPolicy[] = ['ALLOW', 'OFF'];

/** The whole policy: a change replaces it, so members without a field are sent back as they are. */
export function policyOf(settings: Readonly<Record<string, unknown>>): FederatedPolicyInput {
  const policy = recordIn(settings.policy);
  const trustsMfa = recordIn(policy.trustsMfa);
  return {
    linking: linkings.find((value) => value === policy.linking) ?? 'PROVE',
    signUp: signUps.find((value) => value === policy.signUp) ?? 'ALLOW',
    trustsEmail: policy.trustsEmail === true,
    storeTokens: policy.storeTokens === true,
    trustsMfa: { acr: textsIn(trustsMfa.acr), amr: textsIn(trustsMfa.amr) },
    allowedDomains: textsIn(policy.allowedDomains),
    allowedTenants: textsIn(policy.allowedTenants),
  };
}

/** @param text separated by commas or spaces */
export function listIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function recordIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
