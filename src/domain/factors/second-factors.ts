/** The second factors of users, and `users.mfa_enabled_at`, which follows from them. A new kind of factor is added here. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { endPhoneFactors, lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import type { AuthMethod } from '../caller.ts';
import type { LockedUser } from '../locked-user.ts';

export type SecondFactor = 'TOTP' | 'PASSKEY';
/** What a user can give as the second step: a factor, a backup code in place of a lost one, or a code that is sent. */
export type MfaMethod = Exclude<AuthMethod, 'PASSWORD' | 'FEDERATED'>;

export async function secondFactorsOf(em: EntityManager, userId: string): Promise<SecondFactor[]> {
  return (await findSecondFactors(em, [userId])).get(userId) ?? [];
}

/** @returns the factors by user; users without a factor are omitted */
export async function findSecondFactors(
  em: EntityManager,
  userIds: readonly string[],
): Promise<Map<string, SecondFactor[]>> {
  const user = [...userIds];
  const seen = { fields: ['user'], disableIdentityMap: true } as const;
  const passkeys = await em.find(Passkey, { user }, seen);
  const secrets = await em.find(TotpSecret, { user, confirmedAt: { $ne: null } }, seen);
  const factors = new Map<string, SecondFactor[]>();
  for (const passkey of passkeys) factors.set(passkey.user.id, ['PASSKEY']);
  for (const secret of secrets) factors.set(secret.user.id, [...(factors.get(secret.user.id) ?? []), 'TOTP']);
  return factors;
}

export function countBackupCodes(em: EntityManager, userId: string): Promise<number> {
  return em.count(BackupCode, { user: userId, usedAt: null });
}

/** @returns the factors, and backup codes while unused ones exist */
export async function mfaMethodsOf(em: EntityManager, userId: string): Promise<MfaMethod[]> {
  const factors = await secondFactorsOf(em, userId);
  return factors.length > 0 && (await countBackupCodes(em, userId)) > 0 ? [...factors, 'BACKUP_CODE'] : factors;
}

/**
 * After a factor was added or removed: keeps `mfaEnabledAt` true. Without a factor, the backup codes and the tickets that
 * wait for a second step are deleted, and phones are no second factor: they never are the only one.
 */
export async function settleSecondFactors(tx: EntityManager, user: LockedUser, now: Date): Promise<void> {
  await tx.flush();
  const factors = await secondFactorsOf(tx, user.id);
  if (factors.length > 0) {
    user.mfaEnabledAt = user.mfaEnabledAt ?? now;
    return;
  }
  user.mfaEnabledAt = null;
  await tx.nativeDelete(BackupCode, { user: user.id });
  await endPhoneFactors(tx, user.id);
  await endMfaTickets(tx, user.id);
}

/**
 * Removes all second factors of a user that lost them. The caller of this function revokes the sessions, and writes
 * the audit entry and the mail.
 */
export async function removeSecondFactors(tx: EntityManager, user: LockedUser, now: Date): Promise<void> {
  await lockProvenSessions(tx, user.id);
  await tx.nativeDelete(TotpSecret, { user: user.id });
  await tx.nativeDelete(Passkey, { user: user.id });
  await settleSecondFactors(tx, user, now);
}

/** Sign-ins that wait for their second step must start again: the password or the state of the account has changed. */
export async function endMfaTickets(tx: EntityManager, userId: string): Promise<void> {
  await tx.nativeDelete(MfaTicket, { user: userId });
}
