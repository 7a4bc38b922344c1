/** Reads the sealed columns of a flow. Only the gateway writes them, sealed with the id of the row. */
import type { ProviderTokens } from '../../outbound/providers/provider-client.ts';
import type { FlowRow } from '../../persistence/identities/flows.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import type { FederatedProfile } from './profile.ts';

interface Secrets {
  state: string;
  nonce: string;
  verifier: string;
}

export function readSecrets({ sealer }: { sealer: Sealer }, { id, secretsSealed }: FlowRow): Secrets {
  return JSON.parse(sealer.unseal(secretsSealed, id).toString());
}

export function readProfile({ sealer }: { sealer: Sealer }, { id, profileSealed }: FlowRow): FederatedProfile {
  if (!profileSealed) throw new Error('the flow has no profile');
  return JSON.parse(sealer.unseal(profileSealed, id).toString());
}

/** An identity that a sign-in used or links. Mail tickets and registrations carry it sealed. */
export interface UsedIdentity {
  providerId: string;
  /** The slug of the provider. */
  provider: string;
  issuer: string;
  subject: string;
  email: string | null;
  /** Null, unless the policy of the provider stores them. */
  tokens: ProviderTokens | null;
  /** How it gets linked; null: it is linked already. */
  through: 'sign_in' | 'proposal' | 'sign_up' | null;
}

export function sealIdentity({ sealer }: { sealer: Sealer }, identity: UsedIdentity, rowId: string): Buffer {
  return sealer.seal(Buffer.from(JSON.stringify(identity)), rowId);
}

export function sealTokens(
  { sealer }: { sealer: Sealer },
  { tokens }: UsedIdentity,
  identityId: string,
): Buffer | null {
  return tokens ? sealer.seal(Buffer.from(JSON.stringify(tokens)), identityId) : null;
}

export function unsealIdentity({ sealer }: { sealer: Sealer }, sealed: Uint8Array, rowId: string): UsedIdentity {
  return JSON.parse(sealer.unseal(sealed, rowId).toString());
}
