/**
 * The identity of a caller for other services: for forward auth and for the gateway of a federated graph. The current state
 * decides, so a revoked session has no identity.
 */
import type { KeyObject } from 'node:crypto';
import { signIdentityToken } from '../../security/tokens/identity-token.ts';
import { type Caller, type Role, type Viewer, viewerOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { claimsAbout, claimsAboutMachine, type Issuance } from './claims.ts';

export const identityTtlSeconds = 60;

export interface Identity {
  /** `user`: a session. `key`: an API key of a user. `service`: a service account. */
  kind: 'user' | 'key' | 'service';
  /** The id of the user or of the service account. */
  id: string;
  /** Null: a program. */
  sessionId: string | null;
  /** Of the user, or of the owner of the program. */
  role: Role;
  permissions: readonly string[];
}

export interface IdentityDeps {
  clock: Clock;
  settings: { issuer: string };
  signingKeys: { signing(now: Date): Promise<{ kid: string; privateKey: KeyObject }> };
}

/** @throws Refusal UNAUTHENTICATED, MFA_ENROLLMENT_REQUIRED, REAUTHENTICATION_REQUIRED */
export function identityOf(caller: Caller): Identity {
  const { machine } = caller;
  if (machine) {
    const { kind, ownerId: id, role, permissions } = machine;
    return { kind: kind === 'service' ? 'service' : 'key', id, sessionId: null, role, permissions };
  }
  const viewer = viewerOf(caller);
  assertSecondFactor(viewer);
  const { id, role, session } = viewer;
  return { kind: 'user', id, sessionId: session.id, role, permissions: role.permissions };
}

/**
 * @param caller one that has an identity
 * @returns for each audience a token that is valid for a minute, and by which its service verifies the identity itself
 */
export async function signIdentities(
  { clock, settings: { issuer }, signingKeys }: IdentityDeps,
  caller: Caller,
  audiences: readonly string[],
): Promise<string[]> {
  const now = clock.now();
  const key = await signingKeys.signing(now);
  const claimsFor = (issuance: Issuance) =>
    caller.machine ? claimsAboutMachine(caller.machine, issuance) : claimsAbout(viewerOf(caller), issuance);
  return audiences.map((audience) =>
    signIdentityToken(claimsFor({ issuer, audience, now, ttlSeconds: identityTtlSeconds }), key),
  );
}

/** As for administration (graphql/permissions/missing-requirement.ts): a required second factor must exist and be proven. */
function assertSecondFactor({ standing }: Viewer): void {
  if (!standing.secondFactorRequired || standing.secondFactor === 'proven') return;
  throw new Refusal(standing.secondFactor === 'missing' ? 'MFA_ENROLLMENT_REQUIRED' : 'REAUTHENTICATION_REQUIRED');
}
