/** What the server does by itself from time to time: sealing the audit trail, rotating keys that are due, cleaning up. Every instance may; one does. */

import { settleDenials } from '../domain/access/denials.ts';
import type { AuditSealing } from '../domain/audit/sealing.ts';
import type { DatabaseClock } from '../domain/database-clock.ts';
import type { DomainDependencies } from '../domain/dependencies.ts';
import type { CleanedUp } from '../domain/operations/clean-up.ts';
import { describeError, type Logger } from '../logger.ts';

const sealEveryMs = 5_000;
const measureClockEveryMs = 5_000;
const rotateEveryMs = 60_000;
const cleanUpEveryRounds = 10;

export interface MaintenanceDependencies {
  /** With a fresh unit of work. */
  dependencies(): DomainDependencies;
  auditSealing: AuditSealing;
  /** Null while another instance does it. */
  cleanUpAlone(): Promise<CleanedUp | null>;
  databaseClock: Pick<DatabaseClock, 'measure'>;
  logger: Logger;
}

/** @returns a function that ends it, once the rounds that are under way are over */
export function startMaintenance(deps: MaintenanceDependencies): () => Promise<void> {
  const { dependencies, auditSealing, cleanUpAlone, databaseClock, logger } = deps;
  let rounds = 0;
  const endMeasuring = repeat(measureClockEveryMs, logger, () => databaseClock.measure());
  const endSealing = repeat(sealEveryMs, logger, async () => {
    await auditSealing.seal();
  });
  const endUpkeep = repeat(rotateEveryMs, logger, async () => {
    rounds += 1;
    await dependencies().signingKeys.rotateWhenDue();
    await settleDenials(dependencies());
    if (rounds % cleanUpEveryRounds !== 1) return;
    const cleaned = await cleanUpAlone();
    if (cleaned) logger.info({ cleaned }, 'cleaned up');
  });
  return async () => {
    await Promise.all([endMeasuring(), endSealing(), endUpkeep()]);
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
