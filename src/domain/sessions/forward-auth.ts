/**
 * Answers a proxy that asks whether a caller may reach the service behind it, with a token that is valid for a minute.
 * Judged by the current state: a revoked session is refused at once.
 */
import { Role as RoleEntity } from '../../persistence/access/role.ts';
import type { AccessTokenClaims, MachineClaims } from '../../security/tokens/access-token.ts';
import { signIdentityToken } from '../../security/tokens/identity-token.ts';
import { type Caller, type Role, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { claimsAbout, claimsAboutMachine, type Issuance } from './auth-session.ts';
import type { SessionDeps } from './deps.ts';

const identityTtlSeconds = 60;

/** What the service demands of its callers. All demands must be met. */
export interface Requirements {
  /** Names of roles: the role of the caller must have at least the rank of each. */
  roles: readonly string[];
  /** Permissions. */
  scopes: readonly string[];
}

export interface Identity {
  /** `user`: a session. `key`: an API key of a user. `service`: a service account. */
  kind: 'user' | 'key' | 'service';
  /** The id of the user or of the service account. */
  id: string;
  role: string;
  permissions: readonly string[];
  /** Lets the service verify the identity without trust in the proxy. */
  token: string;
}

type Deps = Pick<SessionDeps, 'em' | 'clock' | 'settings' | 'signingKeys'>;

/** @throws Refusal UNAUTHENTICATED, MFA_ENROLLMENT_REQUIRED, REAUTHENTICATION_REQUIRED, FORBIDDEN */
export async function identityFor(unit: Deps, caller: Caller, demands: Requirements): Promise<Identity> {
  const { machine } = caller;
  if (machine) {
    const { kind, ownerId: id, role, permissions } = machine;
    await assertDemands(unit, { role, permissions }, demands);
    const token = await sign(unit, (issuance) => claimsAboutMachine(machine, issuance));
    return { kind: kind === 'service' ? 'service' : 'key', id, role: role.name, permissions, token };
  }
  const viewer = viewerOf(caller);
  assertSecondFactor(viewer);
  const { id, role } = viewer;
  await assertDemands(unit, { role, permissions: role.permissions }, demands);
  const token = await sign(unit, (issuance) => claimsAbout(viewer, issuance));
  return { kind: 'user', id, role: role.name, permissions: role.permissions, token };
}

/** A key has the rank of its owner's role, and only the permissions among its scopes. */
async function assertDemands(
  unit: Deps,
  { role, permissions }: { role: Role; permissions: readonly string[] },
  demands: Requirements,
): Promise<void> {
  for (const permission of demands.scopes) {
    if (!permissions.includes(permission)) throw new Refusal('FORBIDDEN', { requiredPermission: permission });
  }
  for (const name of demands.roles) {
    if (!(await reaches(unit, role, name))) throw new Refusal('FORBIDDEN', { detail: 'below the demanded role' });
  }
}

/** Roles are ranks: an administrator reaches what a moderator reaches. No caller reaches an unknown role. */
async function reaches({ em }: Deps, role: Role, name: string): Promise<boolean> {
  if (name === role.name) return true;
  const demanded = await em.fork().findOne(RoleEntity, { name });
  return demanded !== null && role.rank >= demanded.rank;
}

async function sign(
  { clock, settings, signingKeys }: Deps,
  claimsFor: (issuance: Issuance) => AccessTokenClaims | MachineClaims,
): Promise<string> {
  const now = clock.now();
  const claims = claimsFor({
    issuer: settings.issuer,
    audience: `${settings.issuer}/auth/verify`,
    now,
    ttlSeconds: identityTtlSeconds,
  });
  return signIdentityToken(claims, await signingKeys.signing(now));
}

/** As for administration (graphql/permissions/missing-requirement.ts): a required second factor must exist and be proven. */
function assertSecondFactor({ standing }: Viewer): void {
  if (!standing.secondFactorRequired || standing.secondFactor === 'proven') return;
  throw new Refusal(standing.secondFactor === 'missing' ? 'MFA_ENROLLMENT_REQUIRED' : 'REAUTHENTICATION_REQUIRED');
}
