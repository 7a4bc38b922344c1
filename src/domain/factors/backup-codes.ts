/** Issues backup codes: ten at a time, shown once. Each new set replaces the previous one. */
import { LockMode } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { canonicalBackupCode, newBackupCode } from '../../security/factors/backup-codes.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { newId } from '../ids.ts';
import type { LockedUser } from '../locked-user.ts';
import { recordProof } from '../sessions/factor-proof.ts';
import type { Transaction } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import { spendOwnCode } from './own-codes.ts';

const count = 10;

/**
 * @param code of the authenticator app, or a backup code
 * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function regenerateBackupCodes(unit: FactorDeps, caller: Caller, code: string): Promise<string[]> {
  const sessionId = viewerOf(caller).session.id;
  return spendOwnCode(unit, caller, { code }, async (transaction, user, proof) => {
    const { tx, now, audit } = transaction;
    const family = await tx.findOneOrFail(TokenFamily, { id: sessionId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    // The code that permits the new set is kept, spent, as the proof of this session: the session keeps its level.
    recordProof(tx, family, proof);
    const codes = await issueBackupCodes(unit, transaction, user, proof.id);
    audit({ action: 'backup_codes.regenerated', target: { type: 'user', id: user.id }, details: { count } });
    const change = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
    await mailWithNotMe(unit, tx, { user, sessionId }, (token, reader) => {
      return { kind: 'backup_codes_regenerated', ...reader, variables: { token, ...change } };
    });
    return codes;
  });
}

/**
 * @param keptId the id of a spent code to keep
 * @returns the codes; they are never shown again
 */
export async function issueBackupCodes(
  { keyRing }: FactorDeps,
  { tx, now }: Transaction,
  user: LockedUser,
  keptId?: string,
): Promise<string[]> {
  await lockProvenSessions(tx, user.id);
  await tx.nativeDelete(BackupCode, { user: user.id, ...(keptId && { id: { $ne: keptId } }) });
  const codes = Array.from({ length: count }, newBackupCode);
  for (const code of codes) {
    const codeHash = keyedHash(keyRing, 'backup-code', user.id, canonicalBackupCode(code));
    tx.persist(tx.create(BackupCode, { id: newId(now), user, codeHash, createdAt: now }));
  }
  return codes;
}
