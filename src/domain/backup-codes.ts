/** Handing out backup codes: ten at a time, shown once, and every new set ends the one before. */
import { BackupCode } from '../persistence/entities/backup-code.ts';
import type { User } from '../persistence/entities/user.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { canonicalBackupCode, newBackupCode } from '../security/backup-codes.ts';
import { keyedHash } from '../security/keyed-hash.ts';
import { recordAudit } from './audit.ts';
import type { Caller } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';
import { newId } from './ids.ts';
import { MfaCodes } from './mfa-codes.ts';

const count = 10;

export class BackupCodes {
  readonly #deps: DomainDependencies;

  constructor(deps: DomainDependencies) {
    this.#deps = deps;
  }

  /**
   * @param code of the app, or a backup code
   * @throws Refusal UNAUTHENTICATED, MFA_NOT_ENABLED, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY
   */
  async regenerate(caller: Caller, code: string): Promise<string[]> {
    const { clock, outbox } = this.#deps;
    return new MfaCodes(this.#deps).spendOfViewer(caller, { code }, async (tx, user) => {
      const now = clock.now();
      const codes = await issueBackupCodes(this.#deps, tx, user);
      recordAudit(tx, caller.client, now, {
        action: 'backup_codes.regenerated',
        actorId: user.id,
        target: { type: 'user', id: user.id },
        sessionId: caller.viewer?.session.id ?? null,
        details: { count },
      });
      const variables = { changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
      const mail = { kind: 'backup_codes_regenerated', to: user.email, locale: user.locale, variables } as const;
      await outbox.enqueue(tx, mail, now);
      return codes;
    });
  }
}

/** Under the user's lock. @returns the codes, for the only time */
export async function issueBackupCodes(
  { keyRing, clock }: DomainDependencies,
  tx: EntityManager,
  user: User,
): Promise<string[]> {
  const now = clock.now();
  await tx.nativeDelete(BackupCode, { user: user.id });
  const codes = Array.from({ length: count }, newBackupCode);
  for (const code of codes) {
    const codeHash = keyedHash(keyRing, 'backup-code', user.id, canonicalBackupCode(code));
    tx.persist(tx.create(BackupCode, { id: newId(now), user, codeHash, createdAt: now }));
  }
  return codes;
}
