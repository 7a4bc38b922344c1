/**
 * Recovery evicts: taking an account back removes everything that lets an attacker return. What was added since the
 * attacker's session began goes; what the owner had before stays.
 */
import { BackupCode } from '../persistence/entities/backup-code.ts';
import { FormerPassword } from '../persistence/entities/former-password.ts';
import { MailToken } from '../persistence/entities/mail-token.ts';
import { Passkey } from '../persistence/entities/passkey.ts';
import { TokenFamily } from '../persistence/entities/token-family.ts';
import { TotpSecret } from '../persistence/entities/totp-secret.ts';
import type { User } from '../persistence/entities/user.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { deleteChallengesOf, lockProvenSessions } from '../persistence/queries/second-factors.ts';
import { replacePassword } from './new-password.ts';
import { endMfaTickets, settleSecondFactors } from './second-factors.ts';

export interface Intrusion {
  since: Date;
  /** Whether the attacker signed in with the password, or may have. */
  knowsPassword: boolean;
  now: Date;
}

export interface Evicted {
  passkeys: number;
  authenticatorApp: boolean;
  backupCodes: boolean;
  /** The attacker knew or chose the password: the account has none until the owner chooses one. */
  password: boolean;
}

/** Under the user's lock, after the attacker's sessions have ended. */
export async function evict(tx: EntityManager, user: User, { since, knowsPassword, now }: Intrusion): Promise<Evicted> {
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
  await tx.nativeUpdate(TokenFamily, { user: user.id, revokedAt: null }, unproven);
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
