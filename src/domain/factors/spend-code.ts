/**
 * Spends the codes of a second factor. Malformed, spent and foreign codes are all wrong codes: each counts as an attempt
 * (code-attempts.ts) and gets the same answer.
 */
import { spendBackupCode, spendTimeStep } from '../../persistence/factors/second-factors.ts';
import { TotpSecret } from '../../persistence/factors/totp-secret.ts';
import { canonicalBackupCode } from '../../security/factors/backup-codes.ts';
import { canonicalTotpCode, timeStepOf } from '../../security/factors/totp.ts';
import { keyedHashes } from '../../security/keys/keyed-hash.ts';
import { mailWithNotMe, ownSession } from '../access/not-me.ts';
import type { Caller } from '../caller.ts';
import type { LockedUser } from '../locked-user.ts';
import type { FactorProof } from '../sessions/factor-proof.ts';
import type { Transaction } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import { countBackupCodes, type MfaMethod } from './second-factors.ts';

export type CodeMethod = Extract<MfaMethod, 'TOTP' | 'BACKUP_CODE'>;

/** Authenticator apps show six digits; a backup code has ten letters and digits. */
export function methodOf(code: string): CodeMethod {
  return canonicalTotpCode(code) === null ? 'BACKUP_CODE' : 'TOTP';
}

/** @returns what the code proves, which is now spent; null for a wrong code */
export async function spendCode(
  deps: FactorDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  { method, code }: { method: CodeMethod; code: string },
): Promise<FactorProof | null> {
  if (method === 'BACKUP_CODE') return spendBackup(deps, transaction, caller, user, code);
  const totp = await transaction.tx.findOne(TotpSecret, { user: user.id, confirmedAt: { $ne: null } });
  return totp && (await spendStep(deps, transaction, totp, code)) ? { method: 'TOTP', id: user.id } : null;
}

/**
 * Spends the time step of a code of an authenticator app.
 * @throws UnsealError when the secret does not open: no code passes, and the error reaches the log
 */
export async function spendStep(
  { sealer }: FactorDeps,
  { tx, now }: Transaction,
  { secretSealed, user }: TotpSecret,
  code: string,
): Promise<boolean> {
  const secret = sealer.unseal(secretSealed, user.id);
  const step = timeStepOf(code, secret.toString(), now);
  if (step === null) return false;
  return spendTimeStep(tx, { userId: user.id, step, secretSealed: sealer.seal(secret, user.id) });
}

async function spendBackup(
  deps: FactorDeps,
  { tx, now, audit }: Transaction,
  caller: Caller,
  user: LockedUser,
  code: string,
): Promise<FactorProof | null> {
  const hashes = keyedHashes(deps.keyRing, 'backup-code', user.id, canonicalBackupCode(code));
  const id = await spendBackupCode(tx, { userId: user.id, hashes, now });
  if (id === null) return null;
  const remaining = await countBackupCodes(tx, user.id);
  audit({
    action: 'backup_code.used',
    actorId: user.id,
    sessionId: null,
    target: { type: 'user', id: user.id },
    details: { remaining },
  });
  const used = { remaining, usedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
  await mailWithNotMe(deps, tx, { user, sessionId: ownSession(caller, user) }, (token, reader) => {
    return { kind: 'backup_code_used', ...reader, variables: { token, ...used } };
  });
  return { method: 'BACKUP_CODE', id };
}
