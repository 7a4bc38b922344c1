/**
 * Confirms a change of address with the token that was mailed to the new address. A mail to the old address reports the
 * change; its link restores the old address for a week (recovery/report-not-me.ts).
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import { findAnswer, storeAnswer } from '../../persistence/access/mail-token-answers.ts';
import { spendMailToken } from '../../persistence/access/mail-tokens.ts';
import { claimAddress } from '../../persistence/accounts/addresses.ts';
import { Registration } from '../../persistence/accounts/registration.ts';
import { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { hashMailToken } from '../../security/tokens/mail-tokens.ts';
import type { AuditDetails } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller, Viewer } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type LockedUser, lockUser } from '../locked-user.ts';
import { type Transaction, transact } from '../transaction.ts';
import { setAddress, storeAddressToken } from './address.ts';
import type { AccountDeps } from './deps.ts';

type RefusalReason = AuditDetails['email.change_refused']['reason'];

interface Changed {
  userId: string;
  email: string;
}

/**
 * @returns the viewer with their new address; null when the caller has no session of the account
 * @throws Refusal INVALID_TOKEN, also when another account has taken the address, or when a registration of it is
 *   pending and the caller has no session of the account
 */
export async function confirmEmailChange(deps: AccountDeps, caller: Caller, token: string): Promise<Viewer | null> {
  const tokenHash = hashMailToken(token);
  const { userId, email } = await transact<Changed>(deps, caller, async (transaction) => {
    const { tx, now } = transaction;
    const spent = tokenHash && (await spendMailToken(tx, { tokenHash, purposes: ['EMAIL_CHANGE'], now }));
    const user = spent && (await lockUser(tx, spent.userId));
    if (!user || spent.email === null) return repeatAnswer(transaction, tokenHash);
    const refusal = await problemOf(transaction, caller, user, { email: spent.email, tokenHash });
    if (refusal) return refusal;
    await change(deps, transaction, caller, user, { email: spent.email, sessionId: spent.sessionId });
    await storeAnswer(tx, { tokenHash, purpose: 'confirmEmailChange', userId: user.id, now });
    return { userId: user.id, email: spent.email };
  });
  const { viewer } = caller;
  return viewer?.id === userId ? { ...viewer, email, emailVerified: true } : null;
}

/** A retried request gets the answer of the first one. */
async function repeatAnswer(transaction: Transaction, tokenHash: Buffer | null): Promise<Changed | Refusal> {
  const { tx, now } = transaction;
  const answer = await findAnswer(tx, { tokenHash, purpose: 'confirmEmailChange', now });
  const user = answer && (await tx.findOne(User, { id: answer.userId }));
  return user ? { userId: user.id, email: user.email } : refuse(transaction, 'unknown_token');
}

/** Claims the address. @returns null when the address can change */
async function problemOf(
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { email, tokenHash }: { email: string; tokenHash: Buffer },
): Promise<Refusal | null> {
  const { tx, now } = transaction;
  if (user.status !== 'ACTIVE') return refuse(transaction, 'user_inactive', user);
  if (!(await claimAddress(tx, { userId: user.id, email, now }))) return refuse(transaction, 'address_taken', user);
  if (caller.viewer?.id === user.id || !(await isBeingRegistered(tx, email, now))) return null;
  // The reader may have registered the address and never requested this change, so the link stays valid for the account.
  await tx.nativeUpdate(MailToken, { tokenHash }, { usedAt: null });
  return refuse(transaction, 'registration_pending', user);
}

async function isBeingRegistered(tx: EntityManager, email: string, now: Date): Promise<boolean> {
  return (await tx.count(Registration, { email, expiresAt: { $gt: now } })) > 0;
}

/** Deletes the tokens that were mailed to the old address: password resets and other changes of address. */
async function change(
  deps: AccountDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { email, sessionId }: { email: string; sessionId: string | null },
): Promise<void> {
  const { tx, now, mail } = transaction;
  const token = storeAddressToken(transaction, user, sessionId);
  const variables = { token, newEmail: email, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
  await mail({ kind: 'email_changed', to: user.email, locale: user.locale, variables });
  await tx.nativeDelete(MailToken, { user, purpose: ['PASSWORD_RESET', 'EMAIL_CHANGE'], usedAt: null });
  await tx.nativeDelete(Registration, { email });
  setAddress(deps, transaction, { caller, user, email, through: 'confirmation' });
}

function refuse({ audit }: Transaction, reason: RefusalReason, user?: LockedUser): Refusal {
  audit({
    action: 'email.change_refused',
    outcome: 'FAILURE',
    ...noActor,
    ...(user && { target: { type: 'user', id: user.id } }),
    details: { reason },
  });
  return new Refusal('INVALID_TOKEN');
}
