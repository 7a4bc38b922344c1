/**
 * Takes an account back with the token of a mail that reports a change ("this was not me"), without a session. It revokes
 * the attacker's sessions, removes what was added since they began (eviction.ts), and mails a token to choose a new
 * password.
 */
import { MailToken } from '../../../persistence/access/mail-token.ts';
import { findAnswer, storeAnswer } from '../../../persistence/access/mail-token-answers.ts';
import { type SpentMailToken, spendMailToken } from '../../../persistence/access/mail-tokens.ts';
import { claimAddress } from '../../../persistence/accounts/addresses.ts';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import { hashMailToken } from '../../../security/tokens/mail-tokens.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { Refusal } from '../../errors.ts';
import { type LockedUser, lockUser } from '../../locked-user.ts';
import { revokeSessions } from '../../sessions/revoke.ts';
import { type Transaction, transact } from '../../transaction.ts';
import { setAddress } from '../address.ts';
import type { AccountDeps } from '../deps.ts';
import { type Evicted, evict, sessionsOfAddedFactors, traceIntrusion } from './eviction.ts';
import { mailResetToken } from './reset-token.ts';

/**
 * About a session: revokes it. About a change of address: withdraws or reverts it, and revokes every session. A report
 * about a session that was mailed to a former address also restores that address.
 * @returns the number of revoked sessions
 * @throws Refusal INVALID_TOKEN
 */
export function reportNotMe(deps: AccountDeps, caller: Caller, token: string): Promise<number> {
  const tokenHash = hashMailToken(token);
  return transact<number>(deps, caller, async (transaction) => {
    const { tx, now } = transaction;
    const purposes = ['NOT_ME', 'EMAIL_CHANGE_NOT_ME'] as const;
    const spent = tokenHash && (await spendMailToken(tx, { tokenHash, purposes, now }));
    // The user is locked before the sessions, as signing in does. Another order could deadlock.
    const user = spent && (await lockUser(tx, spent.userId));
    const answer = spent ? null : await findAnswer(tx, { tokenHash, purpose: 'disownSession', now });
    if (answer?.count != null) return answer.count;
    if (!user || user.status === 'DELETED') return refuseToken(transaction);
    const count = await recover(deps, transaction, caller, user, spent);
    await storeAnswer(tx, { tokenHash, purpose: 'disownSession', userId: user.id, count, now });
    return count;
  });
}

function refuseToken({ audit }: Transaction): Refusal {
  audit({
    action: 'session.disown_refused',
    outcome: 'FAILURE',
    ...noActor,
    details: { reason: 'unknown_token' },
  });
  return new Refusal('INVALID_TOKEN');
}

/** @returns the number of revoked sessions */
async function recover(
  deps: AccountDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  spent: SpentMailToken,
): Promise<number> {
  const { tx, now, audit } = transaction;
  const { sessionId } = spent;
  const report = { sessionId, createdAt: new Date(spent.createdAt) };
  const address = await addressOf(tx, user, spent);
  const isMoved = address !== user.email;
  const { since, knowsPassword } = await traceIntrusion(tx, user, report, now);
  const isOneSession = spent.purpose === 'NOT_ME' && sessionId !== null && !isMoved;
  const attackers = isOneSession ? { id: [sessionId, ...(await sessionsOfAddedFactors(tx, user, since))] } : {};
  const sessions = await revokeSessions(tx, caller, { user, ...attackers }, 'disowned', now);
  // A reader of the other address could have chosen the password.
  const evicted = await evict(transaction, deps, user, { since, knowsPassword: knowsPassword || isMoved });
  await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE_NOT_ME', createdAt: { $gt: report.createdAt } });
  const isOwners = !isMoved || (await restoreAddress(deps, transaction, caller, user, address, report.createdAt));
  audit({
    action: 'account.recovered',
    actorId: null,
    target: { type: 'user', id: user.id },
    sessionId,
    details: { since: since.toISOString(), sessions, ...evicted },
  });
  if (isOwners) await mailOwner(transaction, caller, user, evicted);
  return sessions;
}

async function mailOwner(transaction: Transaction, { client }: Caller, user: LockedUser, evicted: Evicted) {
  const { now, mail } = transaction;
  const variables = { ...evicted, recoveredAt: now.toISOString(), ipAddress: client.ipAddress };
  await mail({ kind: 'account_recovered', to: user.email, locale: user.locale, variables });
  await mailResetToken(transaction, user, client.ipAddress);
}

/**
 * Deletes the tokens that were mailed to the attacker's address, including those that would revert this change.
 * @returns false when the address belongs to another account: the account keeps the attacker's address, which gets no mail
 */
async function restoreAddress(
  deps: AccountDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  email: string,
  reportedAt: Date,
): Promise<boolean> {
  const { tx, now } = transaction;
  await tx.nativeDelete(MailToken, { user, purpose: 'PASSWORD_RESET' });
  await tx.nativeDelete(MailToken, { user, purpose: 'NOT_ME', createdAt: { $gt: reportedAt } });
  if (!(await claimAddress(tx, { userId: user.id, email, now }))) return false;
  setAddress(deps, transaction, { caller, user, email, through: 'disowned' });
  return true;
}

/**
 * The address that the mail with the token was sent to: its reader is the owner. Each change of address, and each
 * request of one, stores the previous address for as long as such tokens are valid.
 */
async function addressOf(tx: EntityManager, user: LockedUser, { email, createdAt }: SpentMailToken): Promise<string> {
  if (email !== null) return email;
  // Within one millisecond, the older address is the safe choice.
  const since = { $gte: new Date(createdAt) };
  const later = { user: user.id, purpose: 'EMAIL_CHANGE_NOT_ME', createdAt: since } as const;
  const next = await tx.findOne(MailToken, later, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return next?.email ?? user.email;
}
