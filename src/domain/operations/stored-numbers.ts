/** The numbers of the database that are watched from outside (metrics/stored.ts): how far the work behind requests has come. */
import type { StoredNumbers } from '../../metrics/stored.ts';
import { readSealingLag } from '../../persistence/audit/audit-chain.ts';
import { ping } from '../../persistence/connection/database-state.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { mailQueue } from '../../persistence/mail/outbox.ts';

/** Each read by itself: one that fails leaves its own numbers out. */
export async function readStoredNumbers(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const [up, mails, audit] = await Promise.allSettled([ping(em), readMails(em, now), readAudit(em, now)]);
  return { databaseUp: up.status === 'fulfilled' ? 1 : 0, ...readValue(mails), ...readValue(audit) };
}

function readValue<T>(result: PromiseSettledResult<T>): T | null {
  return result.status === 'fulfilled' ? result.value : null;
}

async function readMails(em: EntityManager, now: Date) {
  const { pending, dead, oldestWaitingSeconds } = await mailQueue(em, now);
  return { mailsPending: pending, mailsDead: dead, oldestMailSeconds: oldestWaitingSeconds ?? 0 };
}

async function readAudit(em: EntityManager, now: Date) {
  const { waiting, oldest } = await readSealingLag(em);
  const auditSealingLagSeconds = oldest ? Math.max(0, (now.getTime() - oldest.getTime()) / 1000) : 0;
  return { auditEntriesUnsealed: waiting, auditSealingLagSeconds };
}
