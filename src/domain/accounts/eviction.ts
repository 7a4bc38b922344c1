/**
 * Recovery evicts: taking an account back removes everything that lets an attacker return. What was added since the
 * attacker's session began goes; what the owner had before stays.
 */

import { MailToken } from '../../persistence/access/mail-token.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { deleteChallengesOf, lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { FormerPassword } from '../../persistence/passwords/former-password.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { notMeSeconds } from '../access/not-me.ts';
import { secondsAfter } from '../clock.ts';
import type { DomainDependencies } from '../dependencies.ts';
import { endMfaTickets, settleSecondFactors } from '../factors/second-factors.ts';
import { replacePassword } from '../passwords/new-password.ts';
import { earlier } from '../sessions/auth-session.ts';

export interface Intrusion {
  since: Date;
  /** Whether the attacker signed in with the password, or may have. */
  knowsPassword: boolean;
}

export interface Evicted {
  passkeys: number;
  authenticatorApp: boolean;
  backupCodes: boolean;
  /** The attacker knew or chose the password: the account has none until the owner chooses one. */
  password: boolean;
}

/**
 * What a report says about the intrusion. A passkey cannot be phished: if one proved the reported session, the attacker
 * holds it. A passkey of the last week is treated as the mail about it would treat it (not-me.ts); removing older ones
 * would let whoever reads the owner's mail bypass the second factor.
 * @param report `sessionId`: null for a session that is unknown
 */
export async function traceIntrusion(
  tx: EntityManager,
  user: User,
  report: { sessionId: string | null; createdAt: Date },
  now: Date,
): Promise<Intrusion> {
  const { sessionId, createdAt } = report;
  const reported = sessionId === null ? null : await tx.findOne(TokenFamily, { id: sessionId, user: user.id });
  if (!reported) return { since: createdAt, knowsPassword: true };
  const recently = { $gt: secondsAfter(now, -notMeSeconds) };
  const held = reported.provenPasskey;
  const passkey = held && (await tx.findOne(Passkey, { id: held.id, createdAt: recently }));
  const sessions = passkey ? await tx.find(TokenFamily, { user: user.id, provenPasskey: passkey.id }) : [reported];
  const beginnings = [createdAt, ...(passkey ? [passkey.createdAt] : []), ...sessions.map((each) => each.createdAt)];
  return {
    since: beginnings.reduce(earlier),
    knowsPassword: sessions.some(({ methods }) => methods.includes('PASSWORD')),
  };
}

/** Under the user's lock, after the attacker's sessions have ended. The other sessions must prove themselves again. */
export async function evict(
  tx: EntityManager,
  { settings }: Pick<DomainDependencies, 'settings'>,
  user: User,
  { since, knowsPassword, now }: Intrusion & { now: Date },
): Promise<Evicted> {
  const added = { user: user.id, createdAt: { $gte: since } };
  await deleteChallengesOf(tx, user.id);
  await endMfaTickets(tx, user.id);
  await tx.nativeDelete(MailToken, { user, purpose: 'EMAIL_CHANGE', usedAt: null });
  await lockProvenSessions(tx, user.id);
  const passkeys = await tx.nativeDelete(Passkey, added);
  const authenticatorApp = (await tx.nativeDelete(TotpSecret, { user: user.id, confirmedAt: { $gte: since } })) > 0;
  // An offer that was not taken up is of no use to the owner either.
  await tx.nativeDelete(TotpSecret, { user: user.id, confirmedAt: null });
  const backupCodes = (await tx.nativeDelete(BackupCode, added)) > 0;
  await settleSecondFactors(tx, user, now);
  const unproven = { provenPasskey: null, provenTotp: null, provenBackupCode: null };
  const others = { user: user.id, revokedAt: null };
  await tx.nativeUpdate(TokenFamily, others, unproven);
  // One of them may be the attacker's, too: its last proof no longer permits a change of the account.
  const authenticatedAt = secondsAfter(now, -settings.reauthWindowSeconds);
  await tx.nativeUpdate(TokenFamily, { ...others, authenticatedAt: { $gt: authenticatedAt } }, { authenticatedAt });
  const password = user.passwordHash != null && (knowsPassword || (await isPasswordSince(tx, user, since)));
  if (password) await replacePassword(tx, user, null, now);
  user.devicesTrustedSince = now;
  return { passkeys, authenticatorApp, backupCodes, password };
}

/** A password that was replaced since then was followed by another one, which the attacker may have chosen. */
async function isPasswordSince(tx: EntityManager, user: User, since: Date): Promise<boolean> {
  return (await tx.count(FormerPassword, { user: user.id, replacedAt: { $gte: since } })) > 0;
}

/** Living sessions that were proven by a factor which was added since then: the attacker's own. */
export async function sessionsOfAddedFactors(tx: EntityManager, user: User, since: Date): Promise<string[]> {
  const families = await tx.find(
    TokenFamily,
    {
      user: user.id,
      revokedAt: null,
      $or: [
        { provenPasskey: { createdAt: { $gte: since } } },
        { provenTotp: { confirmedAt: { $gte: since } } },
        { provenBackupCode: { createdAt: { $gte: since } } },
      ],
    },
    { fields: ['id'], disableIdentityMap: true },
  );
  return families.map(({ id }) => id);
}
