/** The numbers of the database that are watched from outside (metrics.ts): how far the work behind requests has come. */
import type { StoredNumbers } from '../metrics.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { mailQueue } from '../persistence/queries/outbox.ts';

export async function readStoredNumbers(em: EntityManager, now: Date): Promise<StoredNumbers> {
  const { pending, dead, oldestWaitingSeconds } = await mailQueue(em, now);
  return { mailsPending: pending, mailsDead: dead, oldestMailSeconds: oldestWaitingSeconds ?? 0 };
}
