/**
 * What a session has proven. It stores which factor that was, and is AAL2 only while the factor exists: the database
 * clears the reference when the factor is deleted. A backup code proves until the next set replaces its set, or until the
 * last factor is removed.
 */

import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { Passkey } from '../../persistence/factors/passkey.ts';
import { Phone } from '../../persistence/factors/phone.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import type { NewFamily } from '../../persistence/sessions/start-session.ts';
import { type AssuranceLevel, type AuthMethod, TokenFamily } from '../../persistence/sessions/token-family.ts';

/** `id`: of the passkey, the backup code or the phone. A user has one authenticator app at most: its id is the user's. */
export interface FactorProof {
  method: Extract<AuthMethod, 'TOTP' | 'BACKUP_CODE' | 'PASSKEY' | 'SMS_CODE'>;
  id: string;
}

/** The factors of a session that still exist, and all methods that ever proved it. */
export interface ProvenFactors {
  methods: readonly AuthMethod[];
  passkeyProven: boolean;
  totpProven: boolean;
  backupCodeProven: boolean;
  phoneProven: boolean;
}

/** The current level and methods. */
export function presentProof(proven: ProvenFactors): { assurance: AssuranceLevel; methods: AuthMethod[] } {
  const counts: Readonly<Record<AuthMethod, boolean>> = {
    PASSWORD: true,
    FEDERATED: true,
    EMAIL_CODE: true,
    PASSKEY: proven.passkeyProven,
    TOTP: proven.totpProven,
    BACKUP_CODE: proven.backupCodeProven,
    SMS_CODE: proven.phoneProven,
  };
  const isProven = proven.passkeyProven || proven.totpProven || proven.backupCodeProven || proven.phoneProven;
  return { assurance: isProven ? 'AAL2' : 'AAL1', methods: proven.methods.filter((method) => counts[method]) };
}

export function provenFactorsOf(family: TokenFamily): ProvenFactors {
  return {
    methods: family.methods,
    passkeyProven: family.provenPasskey != null,
    totpProven: family.provenTotp != null,
    backupCodeProven: family.provenBackupCode != null,
    phoneProven: family.provenPhone != null,
  };
}

export function methodsOf(methods: readonly AuthMethod[], factor: FactorProof | null): AuthMethod[] {
  return [...new Set([...methods, ...(factor ? [factor.method] : [])])];
}

/** The columns of a session that starts with this proof. */
export function firstProof(
  methods: readonly AuthMethod[],
  factor: FactorProof | null,
): Pick<
  NewFamily,
  'assurance' | 'methods' | 'provenPasskeyId' | 'provenTotpUserId' | 'provenBackupCodeId' | 'provenPhoneId'
> {
  const idOf = (method: FactorProof['method']) => (factor?.method === method ? factor.id : null);
  return {
    assurance: factor ? 'AAL2' : 'AAL1',
    methods: methodsOf(methods, factor),
    provenPasskeyId: idOf('PASSKEY'),
    provenTotpUserId: idOf('TOTP'),
    provenBackupCodeId: idOf('BACKUP_CODE'),
    provenPhoneId: idOf('SMS_CODE'),
  };
}

/** Whether the factor that a proof used still exists. */
export async function isStillProven(tx: EntityManager, factor: FactorProof | null): Promise<boolean> {
  if (factor === null) return true;
  const { method, id } = factor;
  const count: Readonly<Record<FactorProof['method'], () => Promise<number>>> = {
    PASSKEY: () => tx.count(Passkey, { id }),
    TOTP: () => tx.count(TotpSecret, { user: id }),
    BACKUP_CODE: () => tx.count(BackupCode, { id }),
    SMS_CODE: () => tx.count(Phone, { id, factor: true }),
  };
  return (await count[method]()) > 0;
}

/** Under the locks of the user and the session. A passkey that was proven before stays the proof of the session. */
export function recordProof(tx: EntityManager, family: TokenFamily, { method, id }: FactorProof): void {
  if (method === 'PASSKEY') family.provenPasskey ??= tx.getReference(Passkey, id);
  if (method === 'TOTP') family.provenTotp = tx.getReference(TotpSecret, id);
  if (method === 'BACKUP_CODE') family.provenBackupCode = tx.getReference(BackupCode, id);
  if (method === 'SMS_CODE') family.provenPhone = tx.getReference(Phone, id);
  family.assurance = 'AAL2';
  family.methods = [...new Set([...family.methods, method])];
}

/** Under the user's lock: whether the user has a second factor that the session has not proven. */
export async function isUnproven(tx: EntityManager, user: User, sessionId: string): Promise<boolean> {
  if (!user.mfaEnabledAt) return false;
  const family = await tx.findOneOrFail(TokenFamily, { id: sessionId });
  return presentProof(provenFactorsOf(family)).assurance === 'AAL1';
}
