/** What the server does by itself from time to time: rotating keys that are due, cleaning up. Every instance may; one does. */

import { cleanUp } from './domain/clean-up.ts';
import type { DomainDependencies } from './domain/dependencies.ts';
import { describeError, type Logger } from './logger.ts';

const everyMs = 60_000;
const cleanUpEveryRounds = 10;

export interface MaintenanceDependencies {
  /** With a fresh unit of work. */
  dependencies(): DomainDependencies;
  logger: Logger;
}

/** @returns a function that ends it, once the round that is under way is over */
export function startMaintenance({ dependencies, logger }: MaintenanceDependencies): () => Promise<void> {
  let rounds = 0;
  let round: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    rounds += 1;
    const isCleanUp = rounds % cleanUpEveryRounds === 1;
    round = round
      .then(() => dependencies().signingKeys.rotateWhenDue())
      .then(async () => {
        if (isCleanUp) logger.info({ cleaned: await cleanUp(dependencies()) }, 'cleaned up');
      })
      .catch((error: unknown) => logger.warn(describeError(error), 'maintenance will be tried again'));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
