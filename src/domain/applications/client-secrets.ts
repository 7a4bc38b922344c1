/** Client secrets of service accounts, for `/oauth/token`. A secret is returned once; its keyed hash is stored. */
import { ServiceAccountSecret } from '../../persistence/applications/service-account-secret.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { hashSecret, mintClientSecret } from '../../security/api-key.ts';
import type { Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { isId, newId } from '../ids.ts';
import { transact, type Unit } from '../transaction.ts';
import type { ApplicationDeps } from './deps.ts';
import { rangeProblem } from './key-input.ts';
import { assertAdministrator, lockServiceAccount } from './key-owner.ts';

/** Live secrets of one service account. */
const maxSecrets = 5;
const hintLength = 4;
const minTtlSeconds = 60;
const maxTtlSeconds = 3650 * 86_400;

export interface ClientSecretView {
  id: string;
  hint: string;
  createdAt: Date;
  expiresAt: Date | null;
}

/** @throws Refusal FORBIDDEN, NOT_FOUND, CONFLICT for a sixth secret and an inactive service account, BAD_USER_INPUT */
export function createClientSecret(
  deps: ApplicationDeps,
  caller: Caller,
  { serviceAccountId, expiresIn }: { serviceAccountId: string; expiresIn: number | null },
): Promise<{ clientSecret: ClientSecretView; secret: string }> {
  const fields = rangeProblem('expiresIn', expiresIn, minTtlSeconds, maxTtlSeconds);
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return transact(deps, caller, async ({ tx, now, audit }) => {
    const { serviceAccount } = await lockServiceAccount(tx, caller, serviceAccountId);
    if (serviceAccount.status !== 'ACTIVE') return new Refusal('CONFLICT', { detail: 'it is not active' });
    const living = { serviceAccount: serviceAccount.id, ...livingAt(now) };
    if ((await tx.count(ServiceAccountSecret, living)) >= maxSecrets)
      return new Refusal('CONFLICT', { detail: 'too many secrets' });
    const secret = mintClientSecret();
    const expiresAt = expiresIn === null ? null : secondsAfter(now, expiresIn);
    const clientSecret = { id: newId(now), hint: `…${secret.slice(-hintLength)}`, createdAt: now, expiresAt };
    const secretHash = hashSecret(deps.keyRing, 'client-secret', secret);
    tx.persist(tx.create(ServiceAccountSecret, { ...clientSecret, serviceAccount, secretHash }));
    const details = { clientSecretId: clientSecret.id, expiresAt: expiresAt?.toISOString() ?? null };
    const target = { type: 'service_account', id: serviceAccount.id } as const;
    audit({ action: 'client_secret.created', target, details });
    return { clientSecret, secret };
  });
}

/** @throws Refusal FORBIDDEN, NOT_FOUND */
export function revokeClientSecret(unit: Unit, caller: Caller, id: string): Promise<void> {
  assertAdministrator(caller);
  return transact<void>(unit, caller, async ({ tx, now, audit }) => {
    const found = isId(id) ? await tx.findOne(ServiceAccountSecret, { id }) : null;
    if (!found) return new Refusal('NOT_FOUND');
    const { serviceAccount } = await lockServiceAccount(tx, caller, found.serviceAccount.id);
    const secret = await tx.findOne(
      ServiceAccountSecret,
      { id, ...livingAt(now) },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    if (!secret) return new Refusal('NOT_FOUND');
    secret.revokedAt = now;
    const target = { type: 'service_account', id: serviceAccount.id } as const;
    audit({ action: 'client_secret.revoked', target, details: { clientSecretId: id } });
    return undefined;
  });
}

/** Those that are neither revoked nor expired, oldest first. */
export async function listClientSecrets({ em, clock }: Unit, serviceAccountId: string): Promise<ClientSecretView[]> {
  const living = { serviceAccount: serviceAccountId, ...livingAt(clock.now()) };
  const found = await em.fork().find(ServiceAccountSecret, living, { orderBy: { id: 'asc' } });
  return found.map(({ id, hint, createdAt, expiresAt }) => ({ id, hint, createdAt, expiresAt: expiresAt ?? null }));
}

function livingAt(now: Date) {
  return { revokedAt: null, $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }] };
}
