/** Suspends, reactivates and deletes service accounts, and registers their public keys. */
import type { ServiceAccount, ServiceAccountStatus } from '../../persistence/applications/service-account.ts';
import { ServiceAccountSecret } from '../../persistence/applications/service-account-secret.ts';
import { readPublicJwks } from '../../security/tokens/client-assertion.ts';
import type { AuditEvent } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { normaliseReason, reasonProblems } from '../text/reason.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import { endKeysOf } from './change-key.ts';
import { lockServiceAccount } from './key-owner.ts';
import { type ServiceAccountView, serviceAccountView } from './service-accounts.ts';

/** The service account to change, and the administrator's reason. */
export interface ServiceAccountInstruction {
  id: string;
  reason?: string | null | undefined;
}

/** @throws Refusal FORBIDDEN, NOT_FOUND, CONFLICT unless it is active, BAD_USER_INPUT */
export function suspendServiceAccount(
  unit: Unit,
  caller: Caller,
  instruction: ServiceAccountInstruction,
): Promise<ServiceAccountView> {
  return change(unit, caller, instruction, ['ACTIVE'], async ({ account, now, audit }) => {
    Object.assign(account, { status: 'SUSPENDED', suspendedAt: now });
    audit({ action: 'service_account.suspended', details: {} });
  });
}

/** @throws Refusal FORBIDDEN, NOT_FOUND, CONFLICT unless it is suspended, BAD_USER_INPUT */
export function reactivateServiceAccount(
  unit: Unit,
  caller: Caller,
  instruction: ServiceAccountInstruction,
): Promise<ServiceAccountView> {
  return change(unit, caller, instruction, ['SUSPENDED'], async ({ account, audit }) => {
    Object.assign(account, { status: 'ACTIVE', suspendedAt: null });
    audit({ action: 'service_account.reactivated', details: {} });
  });
}

/** Revokes every key and client secret. @throws Refusal FORBIDDEN, NOT_FOUND, BAD_USER_INPUT */
export function deleteServiceAccount(
  unit: Unit,
  caller: Caller,
  instruction: ServiceAccountInstruction,
): Promise<ServiceAccountView> {
  return change(unit, caller, instruction, ['ACTIVE', 'SUSPENDED'], async (transaction) => {
    const { tx, account, now, audit } = transaction;
    Object.assign(account, { status: 'DELETED', deletedAt: now, publicJwks: null });
    audit({ action: 'service_account.deleted', details: {} });
    await endKeysOf(transaction, { serviceAccount: account.id }, 'administrator');
    await tx.nativeUpdate(ServiceAccountSecret, { serviceAccount: account.id, revokedAt: null }, { revokedAt: now });
  });
}

/**
 * Replaces the public keys of `private_key_jwt`.
 * @param jwks null: none
 * @throws Refusal FORBIDDEN, NOT_FOUND, BAD_USER_INPUT
 */
export function setServiceAccountJwks(
  unit: Unit,
  caller: Caller,
  { id, jwks }: { id: string; jwks: Record<string, unknown> | null },
): Promise<ServiceAccountView> {
  const publicJwks = jwks && readPublicJwks(jwks);
  if (jwks !== null && publicJwks === null) {
    const message = 'Enter a JWK set of 1 to 10 public keys: EC P-256 or P-384, or RSA of at least 2048 bits.';
    throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.jwks', code: 'INVALID', message }] });
  }
  return change(unit, caller, { id }, ['ACTIVE', 'SUSPENDED'], async ({ account, audit }) => {
    account.publicJwks = publicJwks;
    audit({ action: 'service_account.keys_set', details: { keys: publicJwks?.keys.length ?? 0 } });
  });
}

/** Runs the work under the lock of the service account. Its `audit` adds the target and the reason. */
function change(
  unit: Unit,
  caller: Caller,
  instruction: ServiceAccountInstruction,
  of: readonly ServiceAccountStatus[],
  work: (change: Transaction & { account: ServiceAccount }) => Promise<void>,
): Promise<ServiceAccountView> {
  const reason = normaliseReason(instruction.reason);
  const fields = reasonProblems(reason);
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return transact<ServiceAccountView>(unit, caller, async (transaction) => {
    const { serviceAccount: account } = await lockServiceAccount(transaction.tx, caller, instruction.id);
    if (!of.includes(account.status)) return new Refusal('CONFLICT', { detail: `it is ${account.status}` });
    const target = { type: 'service_account', id: account.id } as const;
    const audit = (event: AuditEvent) => transaction.audit({ target, reason, ...event });
    await work({ ...transaction, audit, account });
    return serviceAccountView(account);
  });
}
