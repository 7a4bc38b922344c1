/**
 * Checks and replaces passwords. The checks that need only the password are policy.ts; this file adds the breach check
 * and the comparison with former passwords.
 */
import { MailToken } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { FormerPassword } from '../../persistence/passwords/former-password.ts';
import type { FieldProblem } from '../errors.ts';
import { endMfaTickets } from '../factors/second-factors.ts';
import { newId } from '../ids.ts';
import type { LockedUser } from '../locked-user.ts';
import type { DomainSettings } from '../settings.ts';
import type { PasswordDeps } from './deps.ts';
import { type PasswordContext, type PasswordPolicy, passwordProblems } from './policy.ts';

/** A new password must differ from this number of latest passwords, which includes the current one. */
export const historySize = 5;

/** The rules, for forms. */
export type PublicPasswordPolicy = PasswordPolicy & { historySize: number; breachCheck: boolean };

export function publicPasswordPolicy({
  passwordPolicy,
  breachCheckEnabled,
}: Pick<DomainSettings, 'passwordPolicy' | 'breachCheckEnabled'>): PublicPasswordPolicy {
  return { ...passwordPolicy, historySize, breachCheck: breachCheckEnabled };
}

/** For users without a password. @returns the problems of the password; empty: it is acceptable */
export async function newPasswordProblems(
  { settings, breachCheck }: Pick<PasswordDeps, 'settings' | 'breachCheck'>,
  password: string,
  person: Omit<PasswordContext, 'productName'>,
  path: string,
): Promise<FieldProblem[]> {
  const context = { ...person, productName: settings.productName };
  const problems = passwordProblems(settings.passwordPolicy, password, context, path);
  if (problems.length > 0 || !(await breachCheck.isBreached(password))) return problems;
  return [
    {
      path,
      code: 'BREACHED',
      message: 'This password is known from a data breach of another service. Choose another one.',
    },
  ];
}

/**
 * The same for users with former passwords. Each comparison costs a hash, so it comes last.
 * @throws HashGateFull
 */
export async function nextPasswordProblems(
  deps: PasswordDeps,
  user: User,
  password: string,
  path: string,
): Promise<FieldProblem[]> {
  const context = {
    email: user.email,
    displayName: user.displayName ?? null,
    hasSecondFactor: user.mfaEnabledAt != null,
  };
  const problems = await newPasswordProblems(deps, password, context, path);
  if (problems.length > 0 || !(await hadBefore(deps, user, password))) return problems;
  return [
    {
      path,
      code: 'REUSED',
      message: `You used this password recently. Choose one that differs from your last ${historySize} passwords.`,
    },
  ];
}

async function hadBefore({ em, hasher }: PasswordDeps, user: User, password: string): Promise<boolean> {
  const former = await em.fork().find(FormerPassword, { user: user.id });
  for (const hash of [user.passwordHash, ...former.map(({ passwordHash }) => passwordHash)]) {
    if (hash != null && (await hasher.verify([hash], password)) === 0) return true;
  }
  return false;
}

/**
 * Adds the previous password to the former ones. Ends pending second steps of sign-ins, forgets known devices, and
 * withdraws a requested change of address, because an attacker may have requested it.
 * @param passwordHash null: the user has no password until they choose one
 */
export async function replacePassword(
  tx: EntityManager,
  user: LockedUser,
  passwordHash: string | null,
  now: Date,
): Promise<void> {
  if (user.passwordHash != null) {
    const { passwordHash: former } = user;
    const newestFirst = { replacedAt: 'desc', id: 'desc' } as const;
    // The new password and the one that is stored below count, so the history keeps two fewer of the older ones.
    const tooOld = await tx.find(FormerPassword, { user }, { orderBy: newestFirst, offset: historySize - 2 });
    for (const entry of tooOld) tx.remove(entry);
    tx.persist(tx.create(FormerPassword, { id: newId(now), user, passwordHash: former, replacedAt: now }));
  }
  await endMfaTickets(tx, user.id);
  await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE', usedAt: null });
  user.passwordHash = passwordHash;
  user.passwordSetAt = passwordHash === null ? null : now;
  user.devicesTrustedSince = now;
  user.updatedAt = now;
}
