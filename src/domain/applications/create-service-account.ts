/** Creates service accounts: alone, or with a first key. */
import { Role } from '../../persistence/access/role.ts';
import { findRoleNames } from '../../persistence/access/roles.ts';
import { insertServiceAccount } from '../../persistence/applications/client-state.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { authorityOf, grantProblem, refusalFor } from '../access/authority.ts';
import { roleNamePattern } from '../access/permissions.ts';
import { actorOf, type Caller } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { type Transaction, transact, type Unit } from '../transaction.ts';
import { type IssuedKey, insertKey } from './create-key.ts';
import type { ApplicationDeps } from './deps.ts';
import { checkedChoices, checkedName } from './key-input.ts';
import type { ServiceAccountView } from './service-accounts.ts';

const superAdmin = 'SUPER_ADMIN';

export interface ServiceAccountRequest {
  name: string;
  role: string;
}

export interface ServiceAccountKeyRequest extends ServiceAccountRequest {
  scopes: readonly string[];
  /** Seconds. */
  expiresIn: number;
}

/**
 * The caller needs the rights to grant the role; no service account is a SUPER_ADMIN.
 * @throws Refusal FORBIDDEN, CONFLICT when the name is taken, BAD_USER_INPUT
 */
export function createServiceAccount(
  unit: Unit,
  caller: Caller,
  request: ServiceAccountRequest,
): Promise<ServiceAccountView> {
  const name = checkedName(request.name);
  return transact<ServiceAccountView>(unit, caller, async (transaction) => {
    const added = await addServiceAccount(transaction, caller, { ...request, name });
    return added instanceof Refusal ? added : added.serviceAccount;
  });
}

/**
 * Both or neither. The key has the name of the service account.
 * @throws Refusal as `createServiceAccount`, and FORBIDDEN with the permission for a scope that the role does not hold
 */
export function createServiceAccountWithKey(
  deps: ApplicationDeps,
  caller: Caller,
  request: ServiceAccountKeyRequest,
): Promise<IssuedKey & { serviceAccount: ServiceAccountView }> {
  const name = checkedName(request.name);
  const choices = checkedChoices({ ...request, name }, deps.settings.apiKeys.maxTtlSeconds);
  return transact(deps, caller, async (transaction) => {
    const added = await addServiceAccount(transaction, caller, { ...request, name });
    if (added instanceof Refusal) return added;
    const { serviceAccount, permissions } = added;
    const owner = { userId: null, serviceAccountId: serviceAccount.id, permissions };
    const expiresAt = secondsAfter(transaction.now, request.expiresIn);
    const issued = insertKey(deps, transaction, owner, { ...choices, expiresAt });
    // Thrown, so that no service account remains.
    if (issued instanceof Refusal) throw issued;
    return { serviceAccount, ...issued };
  });
}

/** @param request its name is checked @returns also the permissions of its role */
async function addServiceAccount(
  { tx, now, audit }: Transaction,
  caller: Caller,
  request: ServiceAccountRequest,
): Promise<{ serviceAccount: ServiceAccountView; permissions: readonly string[] } | Refusal> {
  // Until the transaction ends, the role cannot be changed or deleted.
  const role = roleNamePattern.test(request.role)
    ? await tx.findOne(Role, { name: request.role }, { lockMode: LockMode.PESSIMISTIC_READ })
    : null;
  if (!role) return unknownRole(await findRoleNames(tx));
  const denied = role.name === superAdmin ? 'rank' : grantProblem(await authorityOf(tx, caller), role);
  if (denied) {
    const details = { attempted: 'service_account.created', reason: denied };
    audit({ action: 'administration.refused', outcome: 'DENIED', details });
    return refusalFor(denied);
  }
  const { name } = request;
  const id = newId(now);
  const account = { id, name, role: role.name, createdBy: actorOf(caller).actorId, now };
  if (!(await insertServiceAccount(tx, account))) return new Refusal('CONFLICT', { detail: 'the name is taken' });
  const target = { type: 'service_account', id } as const;
  audit({ action: 'service_account.created', target, details: { role: role.name } });
  const serviceAccount: ServiceAccountView = { id, name, roleName: role.name, status: 'ACTIVE', createdAt: now };
  return { serviceAccount, permissions: role.permissions };
}

function unknownRole(names: readonly string[]): Refusal {
  const message = `Choose one of the roles ${names.join(', ')}.`;
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.role', code: 'UNKNOWN_ROLE', message }] });
}
