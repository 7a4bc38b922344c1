/**
 * Which second factors a user has. The one place that says so: `users.mfa_enabled_at` follows from it, and a new kind
 * of factor joins here.
 */
import { BackupCode } from '../persistence/entities/backup-code.ts';
import { MfaTicket } from '../persistence/entities/mfa-ticket.ts';
import { Passkey } from '../persistence/entities/passkey.ts';
import { TotpSecret } from '../persistence/entities/totp-secret.ts';
import type { User } from '../persistence/entities/user.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import type { AuthMethod } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';

/** A factor of its own. */
export type SecondFactor = 'TOTP' | 'PASSKEY';
/** What can be given as the second step: a factor, or what stands in for a lost one. */
export type MfaMethod = Exclude<AuthMethod, 'PASSWORD'>;

export interface MfaStatus {
  enabled: boolean;
  methods: MfaMethod[];
  backupCodesRemaining: number;
  required: boolean;
}

export async function secondFactorsOf(em: EntityManager, userId: string): Promise<SecondFactor[]> {
  const passkeys = await em.count(Passkey, { user: userId });
  const totp = await em.count(TotpSecret, { user: userId, confirmedAt: { $ne: null } });
  return [...(passkeys > 0 ? ['PASSKEY' as const] : []), ...(totp > 0 ? ['TOTP' as const] : [])];
}

export function countBackupCodes(em: EntityManager, userId: string): Promise<number> {
  return em.count(BackupCode, { user: userId, usedAt: null });
}

/** @returns the factors, and backup codes while there are some */
export async function mfaMethodsOf(em: EntityManager, userId: string): Promise<MfaMethod[]> {
  const factors = await secondFactorsOf(em, userId);
  return factors.length > 0 && (await countBackupCodes(em, userId)) > 0 ? [...factors, 'BACKUP_CODE'] : factors;
}

export class SecondFactors {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /** @param user whoever's */
  async statusOf(user: { id: string; role: { name: string } }): Promise<MfaStatus> {
    const { em, settings } = this.#deps;
    const reading = em.fork();
    const methods = await mfaMethodsOf(reading, user.id);
    return {
      enabled: methods.length > 0,
      methods,
      backupCodesRemaining: methods.includes('BACKUP_CODE') ? await countBackupCodes(reading, user.id) : 0,
      required: settings.mfaRequiredFor.includes(user.role.name),
    };
  }
}

/**
 * Under the user's lock, after a factor came or went: keeps `mfaEnabledAt` true. With the last factor gone, what stood
 * in for it goes as well, and so do the sign-ins that wait for it.
 */
export async function settleSecondFactors(tx: EntityManager, user: User, now: Date): Promise<void> {
  await tx.flush();
  const factors = await secondFactorsOf(tx, user.id);
  if (factors.length > 0) {
    user.mfaEnabledAt = user.mfaEnabledAt ?? now;
    return;
  }
  user.mfaEnabledAt = null;
  await tx.nativeDelete(BackupCode, { user: user.id });
  await endMfaTickets(tx, user.id);
}

/**
 * Takes everything away, for somebody who has lost it all. Under the user's lock. Their sessions, the audit entry and
 * the mail are the caller's to think of.
 */
export async function removeSecondFactors(tx: EntityManager, user: User, now: Date): Promise<void> {
  await tx.nativeDelete(TotpSecret, { user: user.id });
  await tx.nativeDelete(Passkey, { user: user.id });
  await settleSecondFactors(tx, user, now);
}

/** Sign-ins that wait for their second step begin anew: the password has changed, or somebody has stepped in. */
export async function endMfaTickets(tx: EntityManager, userId: string): Promise<void> {
  await tx.nativeDelete(MfaTicket, { user: userId });
}
