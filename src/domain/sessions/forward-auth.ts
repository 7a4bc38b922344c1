/** Answers a proxy that asks whether a caller may reach the service behind it. */
import { Role as RoleEntity } from '../../persistence/access/role.ts';
import { type Identity, type IdentityDeps, identityOf, signIdentities } from '../access/identity.ts';
import type { Caller, Role } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { Unit } from '../transaction.ts';

/** What the service demands of its callers. All demands must be met. */
export interface Requirements {
  /** Names of roles: the role of the caller must have at least the rank of each. */
  roles: readonly string[];
  /** Permissions. */
  scopes: readonly string[];
}

type Deps = Pick<Unit, 'em'> & IdentityDeps;

/**
 * @returns the identity, and the token by which the service verifies it without trust in the proxy
 * @throws Refusal UNAUTHENTICATED, MFA_ENROLLMENT_REQUIRED, REAUTHENTICATION_REQUIRED, FORBIDDEN
 */
export async function admit(
  deps: Deps,
  caller: Caller,
  demands: Requirements,
): Promise<{ identity: Identity; token: string }> {
  const identity = identityOf(caller);
  await assertDemands(deps, identity, demands);
  const [token = ''] = await signIdentities(deps, caller, [`${deps.settings.issuer}/auth/verify`]);
  return { identity, token };
}

/** A key has the rank of its owner's role, and only the permissions among its scopes. */
async function assertDemands(deps: Deps, { role, permissions }: Identity, demands: Requirements): Promise<void> {
  for (const permission of demands.scopes) {
    if (!permissions.includes(permission)) throw new Refusal('FORBIDDEN', { requiredPermission: permission });
  }
  for (const name of demands.roles) {
    if (!(await reaches(deps, role, name))) throw new Refusal('FORBIDDEN', { detail: 'below the demanded role' });
  }
}

/** Roles are ranks: an administrator reaches what a moderator reaches. No caller reaches an unknown role. */
async function reaches({ em }: Deps, role: Role, name: string): Promise<boolean> {
  if (name === role.name) return true;
  const demanded = await em.fork().findOne(RoleEntity, { name });
  return demanded !== null && role.rank >= demanded.rank;
}
