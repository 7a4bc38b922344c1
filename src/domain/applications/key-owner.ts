/**
 * Finds and locks the owner of a key for a caller who may manage it: users manage their own keys, administrators those of
 * service accounts below their rank. What a caller may not manage does not exist for them.
 */
import { Role } from '../../persistence/access/role.ts';
import { ApiKey } from '../../persistence/applications/api-key.ts';
import { ServiceAccount } from '../../persistence/applications/service-account.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { authorityOf, grantProblem, outranks } from '../access/authority.ts';
import { type Caller, isProven, type Viewer, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { lockUser, lockViewer } from '../locked-user.ts';
import type { KeyOwnerIds } from './key-owner-ids.ts';

export interface KeyOwner extends KeyOwnerIds {
  /** The permissions of the present role; for one's own keys, those that the session has too. */
  permissions: readonly string[];
  /** Permissions of the role that a hook has taken from the caller's session. */
  withheld: readonly string[];
}

/** The owner of a new key. @throws Refusal UNAUTHENTICATED, FORBIDDEN, NOT_FOUND */
export function lockOwner(
  tx: EntityManager,
  caller: Caller,
  serviceAccountId: string | null,
  now: Date,
): Promise<KeyOwner> {
  if (serviceAccountId !== null) return lockServiceOwner(tx, caller, serviceAccountId);
  const viewer = viewerOf(caller);
  assertPermission(viewer, 'keys:own');
  return lockOwnUser(tx, viewer, now);
}

async function lockOwnUser(tx: EntityManager, viewer: Viewer, now: Date): Promise<KeyOwner> {
  const user = await lockViewer(tx, viewer, now);
  const { permissions } = await tx.findOneOrFail(Role, { name: user.role.name });
  const { true: held = [], false: withheld = [] } = Object.groupBy(permissions, (permission) =>
    String(viewer.role.permissions.includes(permission)),
  );
  return { userId: user.id, serviceAccountId: null, permissions: held, withheld };
}

/** The same rights as for granting its role: its keys would otherwise hold more than the administrator. */
async function lockServiceOwner(tx: EntityManager, caller: Caller, id: string): Promise<KeyOwner> {
  const { serviceAccount, role } = await lockServiceAccount(tx, caller, id);
  if (serviceAccount.status !== 'ACTIVE') throw new Refusal('CONFLICT', { detail: 'the service account is inactive' });
  return { userId: null, serviceAccountId: serviceAccount.id, permissions: role.permissions, withheld: [] };
}

/**
 * Locks a service account that the caller may manage.
 * @throws Refusal FORBIDDEN without the permission or from another network, NOT_FOUND also for accounts of a higher rank
 */
export async function lockServiceAccount(
  tx: EntityManager,
  caller: Caller,
  id: string,
): Promise<{ serviceAccount: ServiceAccount; role: Role }> {
  assertAdministrator(caller);
  const found = isId(id)
    ? await tx.findOne(ServiceAccount, { id, status: { $ne: 'DELETED' } }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    : null;
  if (!found) throw new Refusal('NOT_FOUND');
  const role = await tx.findOneOrFail(Role, { name: found.role.name });
  if (grantProblem(await authorityOf(tx, caller), role) !== null) throw new Refusal('NOT_FOUND', { detail: 'rank' });
  return { serviceAccount: found, role };
}

/** For operations whose entry of the permission map also admits users who manage their own keys. @throws Refusal */
export function assertAdministrator(caller: Caller): void {
  if (caller.isOperator) return;
  const viewer = viewerOf(caller);
  assertPermission(viewer, 'service-accounts:write');
  if (!viewer.standing.adminNetwork) throw new Refusal('FORBIDDEN', { detail: 'not from ADMIN_IP_ALLOWLIST' });
  if (!isProven(viewer.standing)) throw new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
}

function assertPermission({ role }: Viewer, requiredPermission: string): void {
  if (!role.permissions.includes(requiredPermission)) throw new Refusal('FORBIDDEN', { requiredPermission });
}

/** A key that the caller may change, and its owner; both are locked. @throws Refusal UNAUTHENTICATED, NOT_FOUND, FORBIDDEN */
export async function lockKey(
  tx: EntityManager,
  caller: Caller,
  id: string,
  now: Date,
): Promise<{ key: ApiKey; owner: KeyOwner }> {
  const { userId, serviceAccountId } = await findKeyOwner(tx, id);
  const isKnown = userId === null ? mayManageServices(caller) : userId === caller.viewer?.id;
  if (!isKnown) throw new Refusal('NOT_FOUND');
  const owner = await lockOwner(tx, caller, serviceAccountId, now);
  return { key: await lockLivingKey(tx, id, now), owner };
}

/**
 * A key that the caller may revoke: their own, also of a suspended service account, and those of users below their rank.
 * @returns who the caller is to the key
 * @throws Refusal UNAUTHENTICATED, NOT_FOUND
 */
export async function lockKeyToRevoke(
  tx: EntityManager,
  caller: Caller,
  id: string,
  now: Date,
): Promise<{ key: ApiKey; by: 'owner' | 'administrator' }> {
  const { userId, serviceAccountId } = await findKeyOwner(tx, id);
  const isOwn = userId !== null && userId === caller.viewer?.id;
  if (isOwn) await lockViewer(tx, viewerOf(caller), now);
  else if (userId !== null) await lockOtherUser(tx, caller, userId);
  else if (mayManageServices(caller)) await lockServiceAccount(tx, caller, serviceAccountId ?? '');
  else throw new Refusal('NOT_FOUND');
  return { key: await lockLivingKey(tx, id, now), by: isOwn ? 'owner' : 'administrator' };
}

async function lockOtherUser(tx: EntityManager, caller: Caller, userId: string): Promise<void> {
  const { isOperator, viewer } = caller;
  const mayTry =
    isOperator ||
    (viewer?.role.permissions.includes('users:write') && viewer.standing.adminNetwork && isProven(viewer.standing));
  const user = mayTry ? await lockUser(tx, userId) : null;
  if (!user) throw new Refusal('NOT_FOUND');
  const { rank } = await tx.findOneOrFail(Role, { name: user.role.name });
  if (!outranks(await authorityOf(tx, caller), rank)) throw new Refusal('NOT_FOUND', { detail: 'rank' });
}

function mayManageServices({ isOperator, viewer }: Caller): boolean {
  return isOperator === true || viewer?.role.permissions.includes('service-accounts:write') === true;
}

async function findKeyOwner(tx: EntityManager, id: string): Promise<KeyOwnerIds> {
  const key = isId(id) ? await tx.findOne(ApiKey, { id }) : null;
  if (!key) throw new Refusal('NOT_FOUND');
  return { userId: key.user?.id ?? null, serviceAccountId: key.serviceAccount?.id ?? null };
}

async function lockLivingKey(tx: EntityManager, id: string, now: Date): Promise<ApiKey> {
  const living = { id, revokedAt: null, expiresAt: { $gt: now } };
  const key = await tx.findOne(ApiKey, living, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (!key) throw new Refusal('NOT_FOUND');
  return key;
}
