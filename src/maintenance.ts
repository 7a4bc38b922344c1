/** What the server does by itself from time to time: sealing the audit trail, rotating keys that are due, cleaning up. Every instance may; one does. */
import type { AuditSealing } from './domain/audit-sealing.ts';
import { cleanUp } from './domain/clean-up.ts';
import type { Clock } from './domain/clock.ts';
import type { SigningKeys } from './domain/signing-keys.ts';
import { describeError, type Logger } from './logger.ts';
import type { EntityManager } from './persistence/entity-manager.ts';

const sealEveryMs = 5_000;
const rotateEveryMs = 60_000;
const cleanUpEveryRounds = 10;

export interface MaintenanceDependencies {
  fork(): EntityManager;
  clock: Clock;
  signingKeys: SigningKeys;
  auditSealing: AuditSealing;
  logger: Logger;
}

/** @returns a function that ends it, once the rounds that are under way are over */
export function startMaintenance(deps: MaintenanceDependencies): () => Promise<void> {
  const { fork, clock, signingKeys, auditSealing, logger } = deps;
  let rounds = 0;
  const endSealing = repeat(sealEveryMs, logger, async () => {
    await auditSealing.seal();
  });
  const endUpkeep = repeat(rotateEveryMs, logger, async () => {
    rounds += 1;
    await signingKeys.rotateWhenDue();
    if (rounds % cleanUpEveryRounds !== 1) return;
    const cleaned = await cleanUp({ em: fork(), clock });
    logger.info({ cleaned: { ...cleaned, audit_entries: await auditSealing.removeOutdated() } }, 'cleaned up');
  });
  return async () => {
    await Promise.all([endSealing(), endUpkeep()]);
  };
}

/** One round after the other, however long one takes. */
function repeat(everyMs: number, logger: Logger, work: () => Promise<void>): () => Promise<void> {
  let round: Promise<void> | null = null;
  const timer = setInterval(() => {
    round ??= work()
      .catch((error: unknown) => logger.warn(describeError(error), 'maintenance will be tried again'))
      .finally(() => {
        round = null;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
