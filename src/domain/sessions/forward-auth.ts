/**
 * Vouching for a caller to a service that has a proxy in front of it: are they who they say, may they come in, and a
 * token of a minute that says so. Judged by the present, as everything here: an ended session is refused at once.
 */
import { Role } from '../../persistence/access/role.ts';
import { signIdentityToken } from '../../security/tokens/identity-token.ts';
import { type Caller, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { claimsAbout } from './auth-session.ts';
import type { SessionDeps } from './deps.ts';

const identityTtlSeconds = 60;

/** What a service asks of those who come in; all of it has to be met. */
export interface Demands {
  /** Names: the caller's role has to be one of this rank or above. */
  roles: readonly string[];
  /** Permissions. */
  scopes: readonly string[];
}

export interface Identity {
  userId: string;
  role: string;
  permissions: readonly string[];
  /** For the service, which may check it instead of believing the proxy. */
  token: string;
}

export class ForwardAuth {
  readonly #deps: SessionDeps;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
  }

  /** @throws Refusal UNAUTHENTICATED, MFA_ENROLLMENT_REQUIRED, REAUTHENTICATION_REQUIRED, FORBIDDEN */
  async vouch(caller: Caller, demands: Demands): Promise<Identity> {
    const viewer = viewerOf(caller);
    assertSecondFactor(viewer);
    for (const permission of demands.scopes) {
      if (!viewer.role.permissions.includes(permission)) {
        throw new Refusal('FORBIDDEN', { requiredPermission: permission });
      }
    }
    for (const name of demands.roles) {
      if (!(await this.#reaches(viewer, name))) throw new Refusal('FORBIDDEN', { detail: 'below the demanded role' });
    }
    const { id, role } = viewer;
    return { userId: id, role: role.name, permissions: role.permissions, token: await this.#sign(viewer) };
  }

  /** Roles are ranks: an administrator may go where a moderator may. A role that does not exist nobody reaches. */
  async #reaches({ role }: Viewer, name: string): Promise<boolean> {
    if (name === role.name) return true;
    const demanded = await this.#deps.em.fork().findOne(Role, { name });
    return demanded !== null && role.rank >= demanded.rank;
  }

  async #sign(viewer: Viewer): Promise<string> {
    const { clock, settings, signingKeys } = this.#deps;
    const now = clock.now();
    const claims = claimsAbout(viewer, {
      issuer: settings.issuer,
      audience: `${settings.issuer}/auth/verify`,
      now,
      ttlSeconds: identityTtlSeconds,
    });
    return signIdentityToken(claims, await signingKeys.signing(now));
  }
}

/** As for administration (graphql/permissions/judge.ts): a demanded second factor has to be there, and this session has to have seen it. */
function assertSecondFactor({ standing }: Viewer): void {
  if (!standing.secondFactorRequired || standing.secondFactor === 'proven') return;
  throw new Refusal(standing.secondFactor === 'missing' ? 'MFA_ENROLLMENT_REQUIRED' : 'REAUTHENTICATION_REQUIRED');
}
