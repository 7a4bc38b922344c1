/**
 * Sets the caller's own password: in place of the current one, or the first one. Users who cannot sign in reset it:
 * accounts/recovery/reset-password.ts.
 */
import { randomUUID } from 'node:crypto';
import { MailToken } from '../../persistence/access/mail-token.ts';
import { User } from '../../persistence/accounts/user.ts';
import { LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { lockViewer } from '../locked-user.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import { assertPassword } from '../sign-in/own-password.ts';
import { transact } from '../transaction.ts';
import type { PasswordDeps } from './deps.ts';
import { nextPasswordProblems, replacePassword } from './new-password.ts';

export interface ChangedPassword {
  /** How many sessions were revoked. */
  revokedCount: number;
  deviceToken: string;
}

/**
 * Revokes the other sessions and the links that reset the password. Forgets known devices, except the caller's.
 * @throws Refusal UNAUTHENTICATED, INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, BAD_USER_INPUT, CONFLICT without a password,
 *   SERVICE_BUSY
 */
export async function changePassword(
  deps: PasswordDeps,
  caller: Caller,
  { currentPassword, newPassword }: { currentPassword: string; newPassword: string },
): Promise<ChangedPassword> {
  // Read before the proof: the password that was proven must be the one that is replaced.
  const before = await findOwn(deps, caller);
  if (before.passwordHash == null) throw new Refusal('CONFLICT', { detail: 'the account has no password' });
  await assertPassword(deps, caller, currentPassword, 'input.currentPassword');
  return storePassword(deps, caller, before, { newPassword, through: 'change' });
}

/**
 * The same for users without a password.
 * @throws Refusal UNAUTHENTICATED, BAD_USER_INPUT, CONFLICT with a password, SERVICE_BUSY
 */
export async function setPassword(deps: PasswordDeps, caller: Caller, newPassword: string): Promise<ChangedPassword> {
  const before = await findOwn(deps, caller);
  if (before.passwordHash != null) throw new Refusal('CONFLICT', { reason: 'HAS_PASSWORD' });
  return storePassword(deps, caller, before, { newPassword, through: 'first' });
}

function findOwn({ em }: PasswordDeps, caller: Caller): Promise<User> {
  return em.fork().findOneOrFail(User, { id: viewerOf(caller).id });
}

async function storePassword(
  deps: PasswordDeps,
  caller: Caller,
  before: User,
  { newPassword, through }: { newPassword: string; through: 'change' | 'first' },
): Promise<ChangedPassword> {
  const viewer = viewerOf(caller);
  const fields = await nextPasswordProblems(deps, before, newPassword, 'input.newPassword');
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const passwordHash = await deps.hasher.hash(newPassword);
  return transact<ChangedPassword>(deps, caller, async ({ tx, now, audit }) => {
    const user = await lockViewer(tx, viewer, now);
    if (user.passwordHash !== before.passwordHash) throw new Refusal('CONFLICT', { detail: 'changed in parallel' });
    await replacePassword(tx, user, passwordHash, now);
    await tx.nativeDelete(MailToken, { user, purpose: 'PASSWORD_RESET' });
    audit({ action: 'password.set', target: { type: 'user', id: user.id }, details: { through } });
    const sessionId = viewer.session.id;
    const change = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await mailWithNotMe(deps, tx, { user, sessionId }, (token, reader) => {
      return { kind: 'password_changed', ...reader, variables: { token, ...change } };
    });
    const family = await tx.findOneOrFail(TokenFamily, { id: sessionId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    family.deviceId ??= randomUUID();
    const deviceToken = deps.deviceTokens.mint(user.id, now, family.deviceId);
    const revokedCount = await revokeSessions(tx, caller, { user, id: { $ne: sessionId } }, 'password_changed', now);
    return { revokedCount, deviceToken };
  });
}
