/**
 * Whether somebody may have a password, and giving it to them. The rules that need nothing but the password are
 * password-policy.ts; here come those that ask others: the breach check, and the passwords they had before.
 */

import { MailToken } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { FormerPassword } from '../../persistence/passwords/former-password.ts';
import type { DomainDependencies } from '../dependencies.ts';
import type { FieldProblem } from '../errors.ts';
import { endMfaTickets } from '../factors/second-factors.ts';
import { newId } from '../ids.ts';
import type { DomainSettings } from '../settings.ts';
import { type PasswordContext, type PasswordPolicy, passwordProblems } from './policy.ts';

/** So many passwords nobody may have again, the present one included. */
export const historySize = 5;

/** What a form needs to know. */
export type PublicPasswordPolicy = PasswordPolicy & { historySize: number; breachCheck: boolean };

export function publicPasswordPolicy({ passwordPolicy, breachCheckEnabled }: DomainSettings): PublicPasswordPolicy {
  return { ...passwordPolicy, historySize, breachCheck: breachCheckEnabled };
}

/** @returns what keeps a newcomer from this password, or an empty list */
export async function newPasswordProblems(
  { settings, breachCheck }: DomainDependencies,
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
 * The same for somebody who has passwords to compare with. Comparing costs a hash each, so it comes last.
 * @throws HashGateFull
 */
export async function nextPasswordProblems(
  deps: DomainDependencies,
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

async function hadBefore({ em, hasher }: DomainDependencies, user: User, password: string): Promise<boolean> {
  const former = await em.fork().find(FormerPassword, { user: user.id });
  for (const hash of [user.passwordHash, ...former.map(({ passwordHash }) => passwordHash)]) {
    if (hash != null && (await hasher.verify([hash], password)) === 0) return true;
  }
  return false;
}

/**
 * Under the user's lock. The password before joins those that the user may not choose again. Sign-ins that it began end,
 * devices that it made known are forgotten, and a requested change of address is withdrawn: the caller who requested it
 * may be the reason for the new password.
 * @param passwordHash null: they have none until they choose one
 */
export async function replacePassword(
  tx: EntityManager,
  user: User,
  passwordHash: string | null,
  now: Date,
): Promise<void> {
  if (user.passwordHash != null) {
    const { passwordHash: former } = user;
    const newestFirst = { replacedAt: 'desc', id: 'desc' } as const;
    // The new one, the one it replaces, and room for the rest.
    const tooOld = await tx.find(FormerPassword, { user }, { orderBy: newestFirst, offset: historySize - 2 });
    for (const entry of tooOld) tx.remove(entry);
    tx.persist(tx.create(FormerPassword, { id: newId(now), user, passwordHash: former, replacedAt: now }));
  }
  await endMfaTickets(tx, user.id);
  await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE', usedAt: null });
  user.passwordHash = passwordHash;
  user.devicesTrustedSince = now;
  user.updatedAt = now;
}
