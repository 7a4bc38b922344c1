/**
 * Authenticates a service account at the endpoints of `/oauth`: by a client secret, by an assertion that it signed
 * (`private_key_jwt`), or by an API key. Unknown clients and wrong secrets cost the same time.
 */
import { spendToken } from '../../persistence/access/spent-tokens.ts';
import { type ClientStateRow, findClient } from '../../persistence/applications/client-state.ts';
import { matchesSecretHash } from '../../security/api-key.ts';
import { assertionAlgorithms, clientIdOfAssertion, openAssertion } from '../../security/tokens/client-assertion.ts';
import { spentTokenHash } from '../../security/tokens/spent-token.ts';
import type { Client } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import type { AuthenticatedClient } from './client-tokens.ts';
import type { ApplicationDeps } from './deps.ts';
import { identifyKey } from './identify-key.ts';

export { assertionAlgorithms };

export type PresentedClient =
  | { method: 'secret'; clientId: string; secret: string }
  | { method: 'assertion'; assertion: string; clientId: string | null }
  | { method: 'key'; key: string };

const maxSecretLength = 128;

/**
 * @returns null when the authentication failed, in whatever way
 * @throws Refusal RATE_LIMITED for a source that failed too often
 */
export async function authenticateClient(
  deps: ApplicationDeps,
  client: Client,
  presented: PresentedClient,
): Promise<AuthenticatedClient | null> {
  const waitSeconds = deps.badKeys.waitSeconds(client.ipAddress);
  if (waitSeconds !== null) throw new Refusal('RATE_LIMITED', { retryAfterSeconds: waitSeconds });
  if (presented.method === 'key') return clientOfKey(deps, client, presented.key);
  const row =
    presented.method === 'secret'
      ? await clientOfSecret(deps, presented)
      : await clientOfAssertion(deps, presented.assertion, presented.clientId);
  if (row?.status === 'ACTIVE') return { ...row, apiKeyId: null, scopes: row.permissions };
  if (row === null) await deps.badKeys.note(client.ipAddress);
  return null;
}

async function clientOfSecret(
  { em, clock, keyRing }: ApplicationDeps,
  { clientId, secret }: { clientId: string; secret: string },
): Promise<ClientStateRow | null> {
  if (secret.length > maxSecretLength) return null;
  const row = isId(clientId) ? await findClient(em, clientId, clock.now()) : null;
  return matchesSecretHash(keyRing, 'client-secret', secret, row?.secretHashes ?? []) ? row : null;
}

/** An assertion is accepted once. */
async function clientOfAssertion(
  { em, clock, settings }: ApplicationDeps,
  assertion: string,
  named: string | null,
): Promise<ClientStateRow | null> {
  const clientId = clientIdOfAssertion(assertion);
  if (clientId === null || !isId(clientId) || (named !== null && named !== clientId)) return null;
  const now = clock.now();
  const row = await findClient(em, clientId, now);
  if (!row?.publicJwks) return null;
  const { issuer } = settings;
  const opened = openAssertion(assertion, {
    jwks: row.publicJwks,
    clientId,
    audiences: [issuer, `${issuer}/oauth/token`],
    now,
  });
  if (!opened) return null;
  const isFirst = await spendToken(em, spentTokenHash('assertion', clientId, opened.jti), opened.expiresAt);
  return isFirst ? row : null;
}

async function clientOfKey(deps: ApplicationDeps, client: Client, key: string): Promise<AuthenticatedClient | null> {
  const machine = await identifyKey(deps, client, key);
  if (machine instanceof Refusal) {
    if (machine.code === 'RATE_LIMITED') throw machine;
    return null;
  }
  if (machine.kind !== 'service') return null;
  const { ownerId: id, name, role, apiKeyId, permissions: scopes } = machine;
  return {
    id,
    name,
    role: role.name,
    rank: role.rank,
    permissions: role.permissions,
    system: role.system,
    apiKeyId,
    scopes,
  };
}
