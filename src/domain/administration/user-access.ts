/**
 * Changes what gives users access: role, locks, password links, second factors and sessions. Every function throws what
 * `changeUser` throws. Administrators never see or choose the password of another user.
 */
import { grantProblem } from '../access/authority.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { mailResetToken } from '../accounts/recovery/reset-token.ts';
import type { AttemptDeps } from '../attempts/deps.ts';
import { forgetProofAttempts } from '../attempts/proof-attempts.ts';
import { unlockSignIn } from '../attempts/sign-in-locks.ts';
import { type LockKind, lockKinds } from '../audit/actions.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { endMfaTickets, removeSecondFactors } from '../factors/second-factors.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import type { Unit } from '../transaction.ts';
import { mailInvitation, mailLimit } from './invitation-link.ts';
import { lockRole, unknownRole } from './roles.ts';
import { changeUser, type Instruction, type UserChange, undeleted } from './user-change.ts';
import type { ManagedUser } from './users.ts';

/** Takes effect on the user's next request. @throws Refusal BAD_USER_INPUT also for an unknown role */
export function setUserRole(
  unit: Unit,
  caller: Caller,
  { role: name, ...instruction }: Instruction & { role: string },
): Promise<ManagedUser> {
  const leaves = name !== 'SUPER_ADMIN';
  const demands = { action: 'user.role_changed', of: undeleted, toOneself: true, leaves } as const;
  return changeUser(unit, caller, instruction, demands, async ({ tx, user, authority, now, audit }) => {
    const role = await lockRole(tx, name);
    if (!role) return unknownRole(tx);
    const problem = grantProblem(authority, role);
    if (problem) return problem;
    const before = user.role.name;
    if (before === role.name) return null;
    Object.assign(user, { role, updatedAt: now });
    audit({ action: 'user.role_changed', details: { before: { role: before }, after: { role: role.name } } });
    return null;
  });
}

/**
 * Lifts the locks that wrong passwords and codes caused. Not for the administrators themselves: that would allow them
 * unlimited attempts.
 */
export function unlockUser(deps: AttemptDeps, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'account.unlocked', of: undeleted, toOneself: false, leaves: false } as const;
  return changeUser(deps, caller, instruction, demands, async ({ tx, user, audit }) => {
    const lifted: Record<LockKind, boolean> = {
      sign_in: await unlockSignIn(deps, tx, user.email),
      password: await forgetProofAttempts(deps, tx, 'password', user.id),
      second_factor: await forgetProofAttempts(deps, tx, 'second_factor', user.id),
    };
    const locks = lockKinds.filter((kind) => lifted[kind]);
    await endMfaTickets(tx, user.id);
    const change = { before: { locks }, after: { locks: [] } };
    audit({ action: 'account.unlocked', details: { through: 'administrator', ...change } });
    return null;
  });
}

/** Mails a link to choose a password: a reset, or another invitation. @throws Refusal RATE_LIMITED */
export function sendPasswordLink(unit: Unit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.link_sent', of: undeleted, toOneself: true, leaves: false } as const;
  return changeUser(unit, caller, instruction, demands, async (change) => {
    const { user, audit } = change;
    const isInvited = user.status === 'INVITED';
    const sent = isInvited ? await mailInvitation(change, user) : await mailResetToken(change, user, null);
    const kind = isInvited ? 'invitation' : 'password_reset';
    audit({ action: 'user.link_sent', details: { kind, result: sent ? 'sent' : 'withheld' } });
    return sent ? null : mailLimit();
  });
}

/**
 * For users who lost every second factor: the password alone signs them in again. The lost device may be signed in, so
 * every session is revoked.
 * @throws Refusal MFA_NOT_ENABLED
 */
export function resetUserMfa(deps: AttemptDeps, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.mfa_reset', of: undeleted, toOneself: false, leaves: false } as const;
  return changeUser(deps, caller, instruction, demands, async ({ tx, user, now, audit }) => {
    if (!user.mfaEnabledAt) return new Refusal('MFA_NOT_ENABLED');
    await removeSecondFactors(tx, user, now);
    user.updatedAt = now;
    await forgetProofAttempts(deps, tx, 'second_factor', user.id);
    audit({ action: 'user.mfa_reset', details: { before: { secondFactor: true }, after: { secondFactor: false } } });
    await revokeSessions(tx, caller, { user }, 'revoked_by_admin', now);
    await mailRemoval(deps, { tx, user, now });
    return null;
  });
}

async function mailRemoval(unit: Unit, { tx, user, now }: Pick<UserChange, 'tx' | 'user' | 'now'>): Promise<void> {
  const change = { method: 'ALL', changedAt: now.toISOString(), ipAddress: null } as const;
  await mailWithNotMe(unit, tx, { user, sessionId: null }, (token, reader) => {
    return { kind: 'mfa_disabled', ...reader, variables: { token, ...change } };
  });
}

export function revokeUserSessions(unit: Unit, caller: Caller, instruction: Instruction): Promise<ManagedUser> {
  const demands = { action: 'user.sessions_revoked', of: undeleted, toOneself: true, leaves: false } as const;
  return changeUser(unit, caller, instruction, demands, async ({ tx, user, now, audit }) => {
    await endMfaTickets(tx, user.id);
    const count = await revokeSessions(tx, caller, { user }, 'revoked_by_admin', now);
    audit({ action: 'user.sessions_revoked', details: { before: { sessions: count }, after: { sessions: 0 } } });
    return null;
  });
}
