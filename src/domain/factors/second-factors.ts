/**
 * Which second factors a user has. The one place that says so: `users.mfa_enabled_at` follows from it, and a new kind
 * of factor joins here.
 */

import { findRolesReaching } from '../../persistence/access/roles.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import type { AuthMethod } from '../caller.ts';
import type { FactorDeps } from './deps.ts';

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
  return (await findSecondFactors(em, [userId])).get(userId) ?? [];
}

/** Of many users at once; who has none is left out. */
async function findSecondFactors(em: EntityManager, userIds: readonly string[]): Promise<Map<string, SecondFactor[]>> {
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

/** @returns the factors, and backup codes while there are some */
export async function mfaMethodsOf(em: EntityManager, userId: string): Promise<MfaMethod[]> {
  const factors = await secondFactorsOf(em, userId);
  return factors.length > 0 && (await countBackupCodes(em, userId)) > 0 ? [...factors, 'BACKUP_CODE'] : factors;
}

export class SecondFactors {
  readonly #deps: FactorDeps;

  constructor(deps: FactorDeps) {
    this.#deps = deps;
  }

  /** @param user whoever's */
  async statusOf(user: { id: string; role: { name: string } }): Promise<MfaStatus> {
    const [status] = await this.statusesOf([{ id: user.id, roleName: user.role.name }]);
    if (!status) throw new Error('one user was asked about, and there is no answer');
    return status;
  }

  /** @returns one answer for each user, in their order */
  async statusesOf(users: readonly { id: string; roleName: string }[]): Promise<MfaStatus[]> {
    const { em, settings } = this.#deps;
    const reading = em.fork();
    const ids = users.map(({ id }) => id);
    const factors = await findSecondFactors(reading, ids);
    const demanding = await findRolesReaching(reading, settings.mfaRequiredFor);
    const having = [...factors.keys()];
    const codes = having.length > 0 ? await reading.find(BackupCode, { user: having, usedAt: null }) : [];
    const codesByUser = Map.groupBy(codes, ({ user }) => user.id);
    return users.map(({ id, roleName }) => {
      const methods: MfaMethod[] = [...(factors.get(id) ?? [])];
      const backupCodesRemaining = codesByUser.get(id)?.length ?? 0;
      if (backupCodesRemaining > 0) methods.push('BACKUP_CODE');
      const required = demanding.has(roleName);
      return { enabled: methods.length > 0, methods, backupCodesRemaining, required };
    });
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
  await lockProvenSessions(tx, user.id);
  await tx.nativeDelete(TotpSecret, { user: user.id });
  await tx.nativeDelete(Passkey, { user: user.id });
  await settleSecondFactors(tx, user, now);
}

/** Sign-ins that wait for their second step begin anew: the password has changed, or somebody has stepped in. */
export async function endMfaTickets(tx: EntityManager, userId: string): Promise<void> {
  await tx.nativeDelete(MfaTicket, { user: userId });
}
