/** Sets a password with the token of a mail, after a request for a reset or an invitation. */
import { MailToken } from '../../../persistence/access/mail-token.ts';
import { spendMailToken } from '../../../persistence/access/mail-tokens.ts';
import { postponePasskeys } from '../../../persistence/factors/passkeys.ts';
import { hashMailToken } from '../../../security/tokens/mail-tokens.ts';
import { mailWithNotMe } from '../../access/not-me.ts';
import { unlockSignIn } from '../../attempts/sign-in-locks.ts';
import { noActor } from '../../audit/record.ts';
import type { Caller } from '../../caller.ts';
import { secondsAfter } from '../../clock.ts';
import { Refusal } from '../../errors.ts';
import { passkeyProbationSeconds } from '../../factors/passkey-probation.ts';
import { type LockedUser, lockUser } from '../../locked-user.ts';
import { nextPasswordProblems, replacePassword } from '../../passwords/new-password.ts';
import { revokeSessions } from '../../sessions/revoke.ts';
import { type Transaction, transact } from '../../transaction.ts';
import type { AccountDeps } from '../deps.ts';
import { findPasswordOwner, passwordTokens } from './password-link.ts';

/**
 * Ends every session and lifts the account's lock. An invitation also verifies the address. A rejected password leaves
 * the token unspent.
 * @throws Refusal INVALID_TOKEN, BAD_USER_INPUT, SERVICE_BUSY
 */
export async function resetPassword(
  deps: AccountDeps,
  caller: Caller,
  { token, newPassword }: { token: string; newPassword: string },
): Promise<void> {
  const tokenHash = hashMailToken(token);
  const before = tokenHash && (await findPasswordOwner(deps, tokenHash));
  if (!before) return transact<void>(deps, caller, async (transaction) => refuseToken(transaction));
  const fields = await nextPasswordProblems(deps, before, newPassword, 'input.newPassword');
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const passwordHash = await deps.hasher.hash(newPassword);
  return transact<void>(deps, caller, async (transaction) => {
    const { tx, now } = transaction;
    const spent = await spendMailToken(tx, { tokenHash, purposes: passwordTokens, now });
    const user = spent && (await lockUser(tx, spent.userId));
    if (!user || user.status === 'DELETED') return refuseToken(transaction);
    return setPassword(deps, transaction, caller, user, passwordHash);
  });
}

function refuseToken({ audit }: Transaction): Refusal {
  audit({
    action: 'password.set_refused',
    outcome: 'FAILURE',
    ...noActor,
    details: { reason: 'unknown_token' },
  });
  return new Refusal('INVALID_TOKEN');
}

async function setPassword(
  deps: AccountDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  passwordHash: string,
): Promise<void> {
  const { tx, now } = transaction;
  const through = user.status === 'INVITED' ? 'invitation' : 'reset';
  await replacePassword(tx, user, passwordHash, now);
  user.emailVerifiedAt ??= now;
  if (user.status === 'INVITED') user.status = 'ACTIVE';
  await tx.nativeDelete(MailToken, { user, purpose: [...passwordTokens], usedAt: null });
  await revokeSessions(tx, caller, { user }, 'password_reset', now);
  // An attacker may be the reason for the reset: the owner has another day to follow the mail about a recent passkey.
  await postponePasskeys(tx, { userId: user.id, now, until: secondsAfter(now, passkeyProbationSeconds) });
  const wasLocked = await unlockSignIn(deps, tx, user.email);
  recordReset(transaction, user, through, wasLocked);
  const change = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
  await mailWithNotMe(deps, tx, { user, sessionId: null }, (token, reader) => {
    return { kind: 'password_changed', ...reader, variables: { token, ...change } };
  });
}

function recordReset(
  { audit }: Transaction,
  user: LockedUser,
  through: 'invitation' | 'reset',
  wasLocked: boolean,
): void {
  const owner = { actorId: user.id, sessionId: null, target: { type: 'user', id: user.id } } as const;
  audit({ action: 'password.set', ...owner, details: { through } });
  if (wasLocked) audit({ action: 'account.unlocked', ...owner, details: { through: 'password_reset' } });
}
