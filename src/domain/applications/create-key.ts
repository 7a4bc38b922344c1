/** Creates API keys. The key is returned once; only the keyed hash of its secret is stored. */

import { User } from '../../persistence/accounts/user.ts';
import { ApiKey } from '../../persistence/applications/api-key.ts';
import { ServiceAccount } from '../../persistence/applications/service-account.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { hashSecret, mintApiKey } from '../../security/api-key.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { ApplicationDeps } from './deps.ts';
import { type CheckedChoices, checkedChoices, type KeyChoices } from './key-input.ts';
import { type KeyOwner, lockOwner } from './key-owner.ts';
import { targetOf } from './key-owner-ids.ts';
import { type ApiKeyView, keyView } from './key-view.ts';

/** Live keys of one owner. */
const maxKeys = 25;

export interface KeyRequest extends KeyChoices {
  name: string;
  scopes: readonly string[];
  /** Seconds. */
  expiresIn: number;
  serviceAccountId?: string | null | undefined;
}

export interface IssuedKey {
  apiKey: ApiKeyView;
  /** The whole key. It cannot be read again. */
  secret: string;
}

/**
 * @throws Refusal UNAUTHENTICATED, FORBIDDEN also for a scope that the owner does not hold, NOT_FOUND, CONFLICT for a
 *   26th key and an inactive service account, BAD_USER_INPUT
 */
export function createKey(deps: ApplicationDeps, caller: Caller, request: KeyRequest): Promise<IssuedKey> {
  const choices = checkedChoices(request, deps.settings.apiKeys.maxTtlSeconds);
  return transact<IssuedKey>(deps, caller, async (transaction) => {
    const { tx, now } = transaction;
    const owner = await lockOwner(tx, caller, request.serviceAccountId ?? null, now);
    if ((await countKeys(tx, owner, now)) >= maxKeys) return new Refusal('CONFLICT', { detail: 'too many keys' });
    return insertKey(deps, transaction, owner, { ...choices, expiresAt: secondsAfter(now, request.expiresIn) });
  });
}

/** @param owner locked @returns a refusal for a scope that the owner does not hold */
export function insertKey(
  { keyRing }: Pick<ApplicationDeps, 'keyRing'>,
  { tx, now, audit }: Pick<Transaction, 'tx' | 'now' | 'audit'>,
  owner: Omit<KeyOwner, 'withheld'>,
  {
    name = '',
    scopes = [],
    expiresAt,
    ipAllowlist = [],
    limitPerMinute,
  }: Partial<CheckedChoices> & { expiresAt: Date },
): IssuedKey | Refusal {
  const missing = scopes.find((scope) => !owner.permissions.includes(scope));
  if (missing !== undefined) return new Refusal('FORBIDDEN', { requiredPermission: missing });
  const { userId, serviceAccountId } = owner;
  const { key: secret, ...minted } = mintApiKey(userId === null ? 'svc' : 'pat');
  const key = tx.create(ApiKey, {
    id: newId(now),
    lookup: minted.lookup,
    user: userId === null ? null : tx.getReference(User, userId),
    serviceAccount: serviceAccountId === null ? null : tx.getReference(ServiceAccount, serviceAccountId),
    name,
    scopes,
    secretHash: hashSecret(keyRing, 'api-key', minted.secret),
    secretSetAt: now,
    ipAllowlist,
    limitPerMinute: limitPerMinute ?? null,
    createdAt: now,
    expiresAt,
  });
  tx.persist(key);
  const details = { apiKeyId: key.id, scopes, expiresAt: expiresAt.toISOString() };
  audit({ action: 'api_key.created', target: targetOf(owner), details });
  return { apiKey: keyView(key, now), secret };
}

function countKeys(tx: EntityManager, { userId, serviceAccountId }: KeyOwner, now: Date): Promise<number> {
  const owned = userId === null ? { serviceAccount: serviceAccountId } : { user: userId };
  return tx.count(ApiKey, { ...owned, revokedAt: null, expiresAt: { $gt: now } });
}
