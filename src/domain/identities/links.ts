/** Links identities to users, and unlinks them. */

import {
  findIdentityOwner,
  insertIdentity,
  storeTokens,
  touchIdentity,
} from '../../persistence/identities/identities.ts';
import { Identity } from '../../persistence/identities/identity.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { assertWayIn } from '../factors/sign-in-methods.ts';
import { isId, newId } from '../ids.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { IdentityDeps } from './deps.ts';
import { canUseProvider, providersOf } from './find-provider.ts';
import { type ExchangeCode, redeemCode, usedIdentity } from './redeem.ts';
import { sealTokens, type UsedIdentity } from './sealed.ts';

type Through = AuditDetails['identity.linked']['through'];

/**
 * Under the lock of the user: records the use of a linked identity, or links it.
 * @returns a refusal when it belongs to another user, was unlinked meanwhile, or its provider was disabled
 */
export async function useIdentity(
  unit: IdentityDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  identity: UsedIdentity,
): Promise<Refusal | null> {
  const { tx, audit } = transaction;
  const { through, provider, providerId } = identity;
  if (await canUseProvider(unit, tx, providerId)) {
    if (await touch(unit, transaction, user.id, identity)) return null;
    if (through !== null) return link(unit, transaction, caller, user, { identity, through });
  }
  const details = { provider, reason: 'NOT_ALLOWED' } as const;
  audit({ action: 'federated.refused', outcome: 'FAILURE', ...noActor, details });
  return new Refusal('FEDERATED_LOGIN_FAILED', { reason: 'NOT_ALLOWED', detail: 'unlinked or disabled meanwhile' });
}

/** @returns whether it belongs to the user */
async function touch(unit: IdentityDeps, { tx, now }: Transaction, userId: string, identity: UsedIdentity) {
  const id = await touchIdentity(tx, { ...identity, userId, now });
  const tokensSealed = id && sealTokens(unit, identity, id);
  if (tokensSealed) await storeTokens(tx, { id, tokensSealed });
  return id !== null;
}

async function link(
  unit: IdentityDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { identity, through }: { identity: UsedIdentity; through: Through },
): Promise<Refusal | null> {
  const { audit } = transaction;
  const { provider } = identity;
  if (!(await addIdentity(unit, transaction, user.id, identity))) {
    const details = { provider, reason: 'IDENTITY_TAKEN' } as const;
    audit({ action: 'federated.refused', outcome: 'FAILURE', ...noActor, details });
    return new Refusal('IDENTITY_TAKEN');
  }
  const target = { type: 'user', id: user.id } as const;
  audit({ action: 'identity.linked', actorId: user.id, target, details: { provider, through } });
  if (through !== 'sign_up') await mailChange(unit, transaction, caller, user, 'identity_linked', identity.providerId);
  return null;
}

/** @returns false when another user has the identity, and when its provider was deleted or disabled meanwhile */
export async function addIdentity(
  unit: IdentityDeps,
  { tx, now }: Pick<Transaction, 'tx' | 'now'>,
  userId: string,
  identity: UsedIdentity,
): Promise<boolean> {
  if (!(await canUseProvider(unit, tx, identity.providerId))) return false;
  const id = newId(now);
  return insertIdentity(tx, { ...identity, id, userId, tokensSealed: sealTokens(unit, identity, id), now });
}

/** Mails the owner, with a link that takes the account back. */
async function mailChange(
  unit: IdentityDeps,
  { tx, now }: Transaction,
  caller: Caller,
  user: LockedUser,
  kind: 'identity_linked' | 'identity_unlinked',
  providerId: string,
): Promise<void> {
  const provider = (await providersOf(unit, tx, [providerId])).get(providerId)?.displayName ?? '';
  const sessionId = caller.viewer?.id === user.id ? caller.viewer.session.id : null;
  const change = { provider, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
  await mailWithNotMe(unit, tx, { user, sessionId }, (token, reader) => {
    return { kind, ...reader, variables: { token, ...change } };
  });
}

/**
 * Links the identity of a flow that this session began. Repeating it with an identity of the user changes nothing.
 * @throws Refusal UNAUTHENTICATED, INVALID_TOKEN, IDENTITY_TAKEN
 */
export async function linkIdentity(unit: IdentityDeps, caller: Caller, exchange: ExchangeCode): Promise<void> {
  const viewer = viewerOf(caller);
  const proven = await redeemCode(unit, caller, exchange, { purpose: 'LINK', sessionId: viewer.session.id });
  const identity = usedIdentity(proven, null);
  await transact<void>(unit, caller, async (transaction) => {
    const { tx, now } = transaction;
    const user = await lockViewer(tx, viewer, now);
    const owner = await findIdentityOwner(tx, identity);
    if (owner?.userId === user.id) return undefined;
    return (await link(unit, transaction, caller, user, { identity, through: 'session' })) ?? undefined;
  });
}

/** @throws Refusal UNAUTHENTICATED, NOT_FOUND also for identities of other users, CONFLICT for the last way in */
export async function unlinkIdentity(unit: IdentityDeps, caller: Caller, id: string): Promise<void> {
  const viewer = viewerOf(caller);
  if (!isId(id)) throw new Refusal('NOT_FOUND');
  await transact<void>(unit, caller, async (transaction) => {
    const { tx, now, audit } = transaction;
    const user = await lockViewer(tx, viewer, now);
    const identity = await tx.findOne(Identity, { id, user: user.id });
    if (!identity) return new Refusal('NOT_FOUND');
    await tx.nativeDelete(Identity, { id });
    await assertWayIn(unit, tx, user.id, now);
    const { providerId } = identity;
    const provider = (await providersOf(unit, tx, [providerId])).get(providerId)?.slug ?? 'removed';
    audit({ action: 'identity.unlinked', target: { type: 'user', id: user.id }, details: { provider } });
    await mailChange(unit, transaction, caller, user, 'identity_unlinked', providerId);
    return undefined;
  });
}
