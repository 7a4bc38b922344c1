/** What the server does by itself from time to time: rotating keys that are due, cleaning up. Every instance may; one does. */

import { cleanUp } from './domain/clean-up.ts';
import type { Clock } from './domain/clock.ts';
import type { SigningKeys } from './domain/signing-keys.ts';
import { describeError, type Logger } from './logger.ts';
import type { EntityManager } from './persistence/entity-manager.ts';

const everyMs = 60_000;
const cleanUpEveryRounds = 10;

export interface MaintenanceDependencies {
  fork(): EntityManager;
  clock: Clock;
  signingKeys: SigningKeys;
  logger: Logger;
}

/** @returns a function that ends it, once the round that is under way is over */
export function startMaintenance({ fork, clock, signingKeys, logger }: MaintenanceDependencies): () => Promise<void> {
  let rounds = 0;
  let round: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    rounds += 1;
    const isCleanUp = rounds % cleanUpEveryRounds === 1;
    round = round
      .then(() => signingKeys.rotateWhenDue())
      .then(async () => {
        if (isCleanUp) logger.info({ cleaned: await cleanUp({ em: fork(), clock }) }, 'cleaned up');
      })
      .catch((error: unknown) => logger.warn(describeError(error), 'maintenance will be tried again'));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
