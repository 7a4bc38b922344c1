/** The numbers of the database that are watched from outside (metrics.ts): how far the work behind requests has come. */
import type { StoredNumbers } from '../metrics.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { readSealingLag } from '../persistence/queries/audit-chain.ts';
import { mailQueue } from '../persistence/queries/outbox.ts';

export async function readStoredNumbers(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const mails = await mailQueue(em, now);
  const { waiting, oldest } = await readSealingLag(em);
  return {
    mailsPending: mails.pending,
    mailsDead: mails.dead,
    oldestMailSeconds: mails.oldestWaitingSeconds ?? 0,
    auditEntriesUnsealed: waiting,
    auditSealingLagSeconds: oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0,
  };
}
