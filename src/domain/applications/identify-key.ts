/**
 * Authenticates an API key: its form, its secret, then the present state of the key and its owner. One prepared read and
 * no write. A key never widens rights: its scopes count only where the owner holds them now.
 */
import type { KeyStateRow } from '../../persistence/applications/key-state.ts';
import { apiKeyPrefix, hasApiKeyForm, matchesSecretHash, readApiKey } from '../../security/api-key.ts';
import type { KeyRefusal } from '../audit/actions.ts';
import type { Client, Machine } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isWithin, readNetworks } from '../source.ts';
import type { ApplicationDeps } from './deps.ts';
import type { GenuineKey } from './key-refusals.ts';

export { apiKeyPrefix, hasApiKeyForm };

const invalid = new Refusal('UNAUTHENTICATED', { reason: 'TOKEN_INVALID' });
const expired = new Refusal('UNAUTHENTICATED', { reason: 'TOKEN_EXPIRED' });
const wrongNetwork = new Refusal('FORBIDDEN', { reason: 'NETWORK_NOT_ALLOWED' });

/** Reserved for callers with the right secret: all others get one answer. */
const refusals: Readonly<Record<KeyRefusal, Refusal>> = {
  malformed: invalid,
  unknown: invalid,
  revoked: invalid,
  owner_inactive: invalid,
  expired,
  network: wrongNetwork,
};

/** @returns the refusal of a key that is not accepted */
export async function identifyKey(deps: ApplicationDeps, client: Client, text: string): Promise<Machine | Refusal> {
  const { settings, badKeys, keyUsage, keyRefusals, clock, metrics } = deps;
  const counted = (outcome: KeyRefusal | 'accepted' | 'disabled' | 'limited') =>
    metrics.programRequest('api_key', outcome);
  const refuse = (reason: KeyRefusal, key: GenuineKey | null = null): Refusal => {
    counted(reason);
    keyRefusals.note(client, reason, key);
    return refusals[reason];
  };
  if (!settings.apiKeys.enabled) {
    counted('disabled');
    return invalid;
  }
  const parts = readApiKey(text);
  if (parts === null) return refuse('malformed');
  const waitSeconds = badKeys.waitSeconds(client.ipAddress);
  if (waitSeconds !== null) {
    counted('limited');
    return new Refusal('RATE_LIMITED', { retryAfterSeconds: waitSeconds });
  }
  const row = await findGenuine(deps, parts);
  if (row === null) {
    await badKeys.note(client.ipAddress);
    return refuse('unknown');
  }
  const now = clock.now();
  const problem = problemOf(row, client, now);
  const { id: apiKeyId, userId, serviceAccountId } = row;
  if (problem !== null) return refuse(problem, { apiKeyId, userId, serviceAccountId });
  counted('accepted');
  keyUsage.note(apiKeyId, { at: now, from: client.ipAddress });
  return machineFrom(deps, row, client);
}

/** @returns the row of a key whose secret is right, in whatever state; null: there is none */
export async function findGenuine(
  { keyStates, keyRing, clock }: Pick<ApplicationDeps, 'keyStates' | 'keyRing' | 'clock'>,
  { lookup, secret }: { lookup: string; secret: string },
): Promise<KeyStateRow | null> {
  const row = await keyStates.load(lookup);
  return matchesSecretHash(keyRing, 'api-key', secret, row ? hashesOf(row, clock.now()) : []) ? row : null;
}

/** While a rotation lasts, the former secret is accepted too. */
function hashesOf({ secretHash, formerHash, rotatingUntil }: KeyStateRow, now: Date): Buffer[] {
  const isRotating = formerHash !== null && rotatingUntil !== null && now < new Date(rotatingUntil);
  return isRotating ? [secretHash, formerHash] : [secretHash];
}

/** Why a genuine key is not accepted; null: it is. */
function problemOf(row: KeyStateRow, client: Client, now: Date): KeyRefusal | null {
  const { ipAllowlist } = row;
  const isElsewhere = ipAllowlist.length > 0 && !isWithin(client.ipAddress, readNetworks(ipAllowlist));
  return stateProblemOf(row, now) ?? (isElsewhere ? 'network' : null);
}

/** Why a genuine key is accepted from no network; null: it may be accepted. */
export function stateProblemOf(row: KeyStateRow, now: Date): Exclude<KeyRefusal, 'network'> | null {
  if (row.revokedAt !== null) return 'revoked';
  if (row.status !== 'ACTIVE') return 'owner_inactive';
  return new Date(row.expiresAt) <= now ? 'expired' : null;
}

function machineFrom({ settings }: ApplicationDeps, row: KeyStateRow, client: Client): Machine {
  const { id, name, serviceAccountId, serviceAccountName, limitPerMinute, scopes } = row;
  const { adminIpAllowlist: admins } = settings;
  return {
    ...(serviceAccountId === null
      ? { kind: 'personal', ownerId: row.userId ?? '', name }
      : { kind: 'service', ownerId: serviceAccountId, name: serviceAccountName ?? name }),
    role: { name: row.role, rank: row.rank, permissions: row.permissions, system: row.system },
    permissions: effectiveScopes(scopes, row.permissions),
    apiKeyId: id,
    limitPerMinute,
    adminNetwork: admins.length === 0 || isWithin(client.ipAddress, admins),
  };
}

/** Scopes that the owner holds: a permission that the role lost is lost at once. */
export function effectiveScopes(scopes: readonly string[], held: readonly string[]): string[] {
  return scopes.filter((scope) => held.includes(scope));
}
