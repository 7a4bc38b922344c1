/**
 * A statement that waits for a lock makes every later statement on the table wait behind it. So it waits briefly, gives
 * up, and is tried again after a pause, in which the requests continue.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { isLockTimeout } from './connection/availability.ts';

/** @param work takes its locks in a transaction of its own, with a lock timeout @throws its last lock timeout */
export async function withLockRetries<T>(pausesMs: readonly number[], work: () => Promise<T>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
    }
    await sleep(pause);
  }
  return work();
}

/** For the rest of the transaction. */
export async function setLockTimeout(tx: EntityManager, ms: number): Promise<void> {
  await tx.execute(`set local lock_timeout = '${Math.round(ms)}ms'`);
}
