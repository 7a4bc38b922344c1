/**
 * What `/oauth/introspect` says about a token (RFC 7662), and what `/oauth/revoke` does with it (RFC 7009): access tokens
 * of sessions and service accounts, and API keys. Everything else is inactive.
 */

import { spendToken } from '../../persistence/access/spent-tokens.ts';
import { ApiKey } from '../../persistence/applications/api-key.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { apiKeyPrefix, readApiKey } from '../../security/api-key.ts';
import { spentTokenHash } from '../../security/tokens/spent-token.ts';
import { endKey } from '../applications/change-key.ts';
import type { ApplicationDeps } from '../applications/deps.ts';
import { effectiveScopes, findGenuine, stateProblemOf } from '../applications/identify-key.ts';
import type { Client } from '../caller.ts';
import { systemCaller } from '../operator.ts';
import { transact } from '../transaction.ts';
import { callerOfToken } from './authentication.ts';
import type { SessionDeps } from './deps.ts';
import { logout } from './own-sessions.ts';

type Deps = SessionDeps & ApplicationDeps;

/** The members of RFC 7662 2.2. */
export interface TokenDescription {
  active: true;
  scope: string;
  sub: string;
  iss: string;
  token_type: 'Bearer';
  exp: number;
  client_id?: string;
  aud?: string;
  iat?: number;
  jti?: string;
  sid?: string;
  api_key?: string;
}

const maxTokenLength = 8192;

/** @returns null for a token that is not active, and for one of another kind or issuer */
export async function describeToken(deps: Deps, client: Client, token: string): Promise<TokenDescription | null> {
  if (token.length > maxTokenLength) return null;
  return token.startsWith(apiKeyPrefix) ? describeKey(deps, token) : describeAccessToken(deps, client, token);
}

/** The network of the key is that of its caller, whom Postern does not see here: the allow-list is not applied. */
async function describeKey(deps: Deps, text: string): Promise<TokenDescription | null> {
  const { settings, clock } = deps;
  const parts = settings.apiKeys.enabled ? readApiKey(text) : null;
  const row = parts && (await findGenuine(deps, parts));
  if (!row || stateProblemOf(row, clock.now()) !== null) return null;
  return {
    active: true,
    scope: effectiveScopes(row.scopes, row.permissions).join(' '),
    sub: row.userId ?? row.serviceAccountId ?? '',
    iss: settings.issuer,
    token_type: 'Bearer',
    exp: Math.floor(new Date(row.expiresAt).getTime() / 1000),
    api_key: row.id,
    ...(row.serviceAccountId !== null && { client_id: row.serviceAccountId }),
  };
}

/** Scopes are those that the role holds now. */
async function describeAccessToken(deps: Deps, client: Client, token: string): Promise<TokenDescription | null> {
  const found = await callerOfToken(deps, client, token);
  if (typeof found === 'string') return null;
  const { claims, known } = found;
  const permissions = 'session' in known ? known.role.permissions : known.permissions;
  const { iss, aud, sub, iat, exp, jti, client_id, sid } = claims;
  return {
    active: true,
    scope: permissions.join(' '),
    ...{ sub, iss, aud, iat, exp, jti, token_type: 'Bearer' },
    ...(client_id !== undefined && { client_id }),
    ...(sid !== undefined && { sid }),
  };
}

/**
 * Revokes a token: whoever holds it may end it. A token that is not active changes nothing.
 * @param ownerId of the client that authenticated: other owners' tokens are left alone. Null: none did
 */
export async function revokeToken(deps: Deps, client: Client, token: string, ownerId: string | null): Promise<void> {
  if (token.length > maxTokenLength) return;
  if (token.startsWith(apiKeyPrefix)) return revokePresentedKey(deps, client, token, ownerId);
  const found = await callerOfToken(deps, client, token);
  if (typeof found === 'string' || (ownerId !== null && found.claims.sub !== ownerId)) return;
  const { claims, known } = found;
  if ('session' in known) {
    await logout(deps, { client, viewer: known, refusal: null }, null);
    return;
  }
  const target = { type: 'service_account', id: claims.sub } as const;
  await transact<void>(deps, { ...systemCaller('oauth'), client }, async ({ tx, audit }) => {
    await spendToken(tx, spentTokenHash('token', claims.sub, claims.jti), new Date((claims.exp + 60) * 1000));
    audit({ action: 'client_token.revoked', actorId: claims.sub, target, details: {} });
  });
}

async function revokePresentedKey(deps: Deps, client: Client, text: string, ownerId: string | null): Promise<void> {
  const parts = readApiKey(text);
  const row = parts && (await findGenuine(deps, parts));
  const owner = row && (row.userId ?? row.serviceAccountId);
  if (!row || (ownerId !== null && owner !== ownerId)) return;
  await transact<void>(deps, { ...systemCaller('oauth'), client }, async (transaction) => {
    const { tx, audit } = transaction;
    const living = { id: row.id, revokedAt: null };
    const key = await tx.findOne(ApiKey, living, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (key) endKey({ ...transaction, audit: (event) => audit({ actorId: owner, ...event }) }, key, 'owner');
  });
}
