/**
 * What a session has proven. It stores which factor that was, and is AAL2 only for as long as the factor exists: the
 * database empties the reference with the factor. A backup code proves for as long as its set is in force; it ends with
 * the next set and with the last factor.
 */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { type AssuranceLevel, type AuthMethod, TokenFamily } from '../../persistence/sessions/token-family.ts';

/** `id`: of the passkey or the backup code; of an app, which a user has one of, the user's. */
export interface FactorProof {
  method: Exclude<AuthMethod, 'PASSWORD'>;
  id: string;
}

/** Which factors of a session still exist, and all methods that it was ever proven by. */
export interface ProvenFactors {
  methods: readonly AuthMethod[];
  passkeyProven: boolean;
  totpProven: boolean;
  backupCodeProven: boolean;
}

/** The level and the methods that count now. */
export function presentProof(proven: ProvenFactors): { assurance: AssuranceLevel; methods: AuthMethod[] } {
  const counts: Readonly<Record<AuthMethod, boolean>> = {
    PASSWORD: true,
    PASSKEY: proven.passkeyProven,
    TOTP: proven.totpProven,
    BACKUP_CODE: proven.backupCodeProven,
  };
  const isProven = proven.passkeyProven || proven.totpProven || proven.backupCodeProven;
  return { assurance: isProven ? 'AAL2' : 'AAL1', methods: proven.methods.filter((method) => counts[method]) };
}

export function provenFactorsOf(family: TokenFamily): ProvenFactors {
  return {
    methods: family.methods,
    passkeyProven: family.provenPasskey != null,
    totpProven: family.provenTotp != null,
    backupCodeProven: family.provenBackupCode != null,
  };
}

/** Under the locks of the user and the session. A passkey that was proven before stays the one that counts. */
export function noteProof(tx: EntityManager, family: TokenFamily, { method, id }: FactorProof): void {
  if (method === 'PASSKEY') family.provenPasskey ??= tx.getReference(Passkey, id);
  if (method === 'TOTP') family.provenTotp = tx.getReference(TotpSecret, id);
  if (method === 'BACKUP_CODE') family.provenBackupCode = tx.getReference(BackupCode, id);
  family.assurance = 'AAL2';
  family.methods = [...new Set([...family.methods, method])];
}

/** Under the user's lock: whether the user has a second factor that the session has not proven. */
export async function isUnproven(tx: EntityManager, user: User, sessionId: string): Promise<boolean> {
  if (!user.mfaEnabledAt) return false;
  const family = await tx.findOneOrFail(TokenFamily, { id: sessionId });
  return presentProof(provenFactorsOf(family)).assurance === 'AAL1';
}
