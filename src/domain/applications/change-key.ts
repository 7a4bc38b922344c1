/** Rotates, changes and revokes API keys. */
import { ApiKey } from '../../persistence/applications/api-key.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { hashSecret, renewApiKey } from '../../security/api-key.ts';
import type { AuditDetails } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { IssuedKey } from './create-key.ts';
import type { ApplicationDeps } from './deps.ts';
import { checkedChoices, type KeyChoices, rangeProblem } from './key-input.ts';
import { lockKey, lockKeyToRevoke } from './key-owner.ts';
import { targetOf } from './key-owner-ids.ts';
import { type ApiKeyView, keyView } from './key-view.ts';

const day = 24 * 60 * 60;
const defaultOverlapSeconds = day;
const maxOverlapSeconds = 7 * day;

/**
 * Gives the key another secret. The former one works until the overlap ends, and never after the expiry of the key.
 * @param overlapSeconds null: a day. 0: the former secret stops working at once
 * @throws Refusal UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT while an earlier rotation lasts, BAD_USER_INPUT
 */
export function rotateKey(
  deps: ApplicationDeps,
  caller: Caller,
  { id, overlapSeconds }: { id: string; overlapSeconds: number | null },
): Promise<IssuedKey> {
  const fields = rangeProblem('overlap', overlapSeconds, 0, maxOverlapSeconds);
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return transact<IssuedKey>(deps, caller, async ({ tx, now, audit }) => {
    const { key, owner } = await lockKey(tx, caller, id, now);
    // A narrowed session must not obtain by a key what it has lost.
    const requiredPermission = key.scopes.find((scope) => owner.withheld.includes(scope));
    if (requiredPermission !== undefined) return new Refusal('FORBIDDEN', { requiredPermission });
    if (key.rotatingUntil && key.rotatingUntil > now) return new Refusal('CONFLICT', { detail: 'already rotating' });
    const overlapUntil = secondsAfter(now, overlapSeconds ?? defaultOverlapSeconds);
    const { key: whole, secret } = renewApiKey(key.user ? 'pat' : 'svc', key.lookup);
    const [formerHash, rotatingUntil] = overlapUntil > now ? [key.secretHash, overlapUntil] : [null, null];
    const secretHash = hashSecret(deps.keyRing, 'api-key', secret);
    Object.assign(key, { secretHash, secretSetAt: now, formerHash, rotatingUntil });
    const details = { apiKeyId: id, overlapUntil: overlapUntil.toISOString() };
    audit({ action: 'api_key.rotated', target: targetOf(owner), details });
    return { apiKey: keyView(key, now), secret: whole };
  });
}

/**
 * Scopes only become fewer.
 * @throws Refusal UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, BAD_USER_INPUT
 */
export function updateKey(
  deps: ApplicationDeps,
  caller: Caller,
  { id, ...request }: Omit<KeyChoices, 'expiresIn'> & { id: string },
): Promise<ApiKeyView> {
  const changes = checkedChoices(request, deps.settings.apiKeys.maxTtlSeconds);
  return transact<ApiKeyView>(deps, caller, async ({ tx, now, audit }) => {
    const { key, owner } = await lockKey(tx, caller, id, now);
    if (changes.scopes?.some((scope) => !key.scopes.includes(scope))) return widerScopes();
    Object.assign(key, changes);
    const details = { apiKeyId: id, fields: Object.keys(changes) };
    audit({ action: 'api_key.updated', target: targetOf(owner), details });
    return keyView(key, now);
  });
}

function widerScopes(): Refusal {
  const message = 'Choose among the scopes of the key. Create another key for further ones.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.scopes', code: 'WIDER', message }] });
}

/** Ends both secrets of the key. @throws Refusal UNAUTHENTICATED, NOT_FOUND also for keys that the caller may not revoke */
export function revokeKey(deps: ApplicationDeps, caller: Caller, id: string): Promise<void> {
  return transact<void>(deps, caller, async (transaction) => {
    const { key, by } = await lockKeyToRevoke(transaction.tx, caller, id, transaction.now);
    endKey(transaction, key, by);
  });
}

type Revoker = AuditDetails['api_key.revoked']['by'];

/** @param key locked */
export function endKey({ now, audit }: Pick<Transaction, 'now' | 'audit'>, key: ApiKey, by: Revoker): void {
  key.revokedAt = now;
  const owner = { userId: key.user?.id ?? null, serviceAccountId: key.serviceAccount?.id ?? null };
  audit({ action: 'api_key.revoked', target: targetOf(owner), details: { apiKeyId: key.id, by } });
}

/**
 * Revokes the keys of a locked owner.
 * @param since those whose secret was made at this time or later; null: all of them
 * @returns how many were revoked
 */
export async function endKeysOf(
  transaction: Pick<Transaction, 'now' | 'audit'> & { tx: EntityManager },
  owner: { user: string } | { serviceAccount: string },
  by: Revoker,
  since: Date | null = null,
): Promise<number> {
  const { tx, now } = transaction;
  const living = { revokedAt: null, expiresAt: { $gt: now }, ...(since && { secretSetAt: { $gte: since } }) };
  const keys = await tx.find(
    ApiKey,
    { ...owner, ...living },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  for (const key of keys) endKey(transaction, key, by);
  return keys.length;
}
