/** Handing out backup codes: ten at a time, shown once, and every new set ends the one before. */

import type { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { BackupCode } from '../../persistence/factors/backup-code.ts';
import { lockProvenSessions } from '../../persistence/factors/second-factors.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { canonicalBackupCode, newBackupCode } from '../../security/factors/backup-codes.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { recordAudit } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { newId } from '../ids.ts';
import { noteProof } from '../sessions/factor-proof.ts';
import type { FactorDeps } from './deps.ts';
import { MfaCodes } from './mfa-codes.ts';

const count = 10;

export class BackupCodes {
  readonly #deps: FactorDeps;

  constructor(deps: FactorDeps) {
    this.#deps = deps;
  }

  /**
   * @param code of the app, or a backup code
   * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async regenerate(caller: Caller, code: string): Promise<string[]> {
    const { clock } = this.#deps;
    return new MfaCodes(this.#deps).spendOfViewer(caller, { code }, async (tx, user, proof) => {
      const now = clock.now();
      const { session } = viewerOf(caller);
      const family = await tx.findOneOrFail(TokenFamily, { id: session.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      // The code that permits the new set stays, spent, and proves the session from now on: it keeps its level.
      noteProof(tx, family, proof);
      const codes = await issueBackupCodes(this.#deps, tx, user, proof.id);
      recordAudit(tx, caller.client, now, {
        action: 'backup_codes.regenerated',
        actorId: user.id,
        target: { type: 'user', id: user.id },
        sessionId: session.id,
        details: { count },
      });
      const change = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
      await mailWithNotMe(this.#deps, tx, { user, sessionId: session.id }, (token, reader) => {
        return { kind: 'backup_codes_regenerated', ...reader, variables: { token, ...change } };
      });
      return codes;
    });
  }
}

/**
 * Under the user's lock.
 * @param keptId the id of the one code that stays, spent
 * @returns the codes, for the only time
 */
export async function issueBackupCodes(
  { keyRing, clock }: FactorDeps,
  tx: EntityManager,
  user: User,
  keptId?: string,
): Promise<string[]> {
  const now = clock.now();
  await lockProvenSessions(tx, user.id);
  await tx.nativeDelete(BackupCode, { user: user.id, ...(keptId && { id: { $ne: keptId } }) });
  const codes = Array.from({ length: count }, newBackupCode);
  for (const code of codes) {
    const codeHash = keyedHash(keyRing, 'backup-code', user.id, canonicalBackupCode(code));
    tx.persist(tx.create(BackupCode, { id: newId(now), user, codeHash, createdAt: now }));
  }
  return codes;
}
