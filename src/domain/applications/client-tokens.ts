/**
 * Tokens of `/oauth/token` (client credentials, RFC 6749 4.4): issues them, and identifies their service account on each
 * request by its present state and role.
 */
import { type ClientTokenStateRow, findClientToken } from '../../persistence/applications/client-state.ts';
import type { RoleColumns } from '../../persistence/applications/key-state.ts';
import {
  type ClientTokenClaims,
  claimsVersion,
  type GenuineToken,
  signAccessToken,
} from '../../security/tokens/access-token.ts';
import { spentTokenHash } from '../../security/tokens/spent-token.ts';
import type { Caller, Client, Machine } from '../caller.ts';
import { newId } from '../ids.ts';
import type { SigningKeys } from '../sessions/signing-keys/signing-keys.ts';
import { isWithin } from '../source.ts';
import { transact } from '../transaction.ts';
import type { ApplicationDeps } from './deps.ts';
import { effectiveScopes } from './identify-key.ts';

/** A service account that has authenticated at an endpoint of `/oauth`. */
export interface AuthenticatedClient extends RoleColumns {
  id: string;
  name: string;
  /** Null: a client secret or an assertion. */
  apiKeyId: string | null;
  /** What it may do now. With a key: within its scopes. */
  scopes: readonly string[];
}

export interface IssuedToken {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  scopes: readonly string[];
}

/** @param requested null: everything that the role holds @returns null for a scope that the service account does not hold */
export async function issueClientToken(
  deps: ApplicationDeps & { signingKeys: SigningKeys },
  caller: Caller,
  client: AuthenticatedClient,
  requested: readonly string[] | null,
): Promise<IssuedToken | null> {
  const { settings, signingKeys, clock } = deps;
  const scopes = requested ?? client.permissions;
  if (scopes.some((scope) => !client.permissions.includes(scope))) return null;
  const now = clock.now();
  const iat = Math.floor(now.getTime() / 1000);
  const expiresIn = settings.clientTokenTtlSeconds;
  const claims: ClientTokenClaims = {
    iss: settings.issuer,
    aud: settings.issuer,
    sub: client.id,
    client_id: client.id,
    iat,
    exp: iat + expiresIn,
    jti: newId(now),
    amr: [],
    role: client.role,
    scope: scopes.join(' '),
    ver: claimsVersion,
  };
  const accessToken = signAccessToken(claims, await signingKeys.signing(now));
  await transact<void>(deps, caller, async ({ audit }) =>
    audit({
      action: 'client_token.issued',
      actorId: client.id,
      target: { type: 'service_account', id: client.id },
      details: { scopes: [...scopes] },
    }),
  );
  return { accessToken, expiresIn, scopes };
}

/** @returns null when the token was revoked, its key is gone, or the service account is not active */
export async function identifyClientToken(
  { em, settings, metrics }: Pick<ApplicationDeps, 'em' | 'settings' | 'metrics'>,
  client: Client,
  { claims, kid }: GenuineToken,
): Promise<{ machine: Machine; signingKid: string } | null> {
  const tokenHash = spentTokenHash('token', claims.sub, claims.jti);
  const state = await findClientToken(em, { id: claims.sub, tokenHash, kid });
  const isAccepted = state?.status === 'ACTIVE' && !state.spent && state.keyExists;
  metrics.programRequest('client_token', isAccepted ? 'accepted' : 'refused');
  if (!isAccepted) return null;
  return { machine: machineFrom(state, claims.scope.split(' '), client, settings), signingKid: state.signingKid };
}

function machineFrom(
  { id, name, role, rank, permissions, system }: ClientTokenStateRow,
  scopes: readonly string[],
  client: Client,
  { adminIpAllowlist: admins }: ApplicationDeps['settings'],
): Machine {
  return {
    kind: 'service',
    ownerId: id,
    name,
    role: { name: role, rank, permissions, system },
    permissions: effectiveScopes(scopes, permissions),
    apiKeyId: null,
    limitPerMinute: null,
    adminNetwork: admins.length === 0 || isWithin(client.ipAddress, admins),
  };
}
