/** An attempt that is counted before it is judged, so that parallel attempts count as well. */
import { type Settlement, settleAttempts } from '../../persistence/attempts/settle-attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Refusal } from '../errors.ts';
import type { Transaction } from '../transaction.ts';

/** An attempt that the counters have reserved. */
export interface ReservedAttempt {
  /** The id of the caller's device, where the account trusts it. */
  trustedDevice: string | null;
  /** Whether the source failed at many other accounts within the hour. */
  failsAtManyAccounts?: boolean;
  /** What a right proof does to the counters. */
  onSuccess: readonly Settlement[];
  /** The proof was wrong. Locks the counter when this was the last attempt that it allows. */
  fail(transaction: Transaction): Promise<void>;
}

/** A reserved attempt, to be settled once. */
export interface Attempt extends Pick<ReservedAttempt, 'trustedDevice' | 'failsAtManyAccounts' | 'fail'> {
  /** The proof was right. */
  succeed(em: EntityManager): Promise<void>;
  /**
   * The proof was right: work that writes the settlements with its own statement.
   * @param write returns null when it wrote nothing; the attempt is then not settled
   */
  succeedWith<Result>(write: (settlements: readonly Settlement[]) => Promise<Result | null>): Promise<Result | null>;
  /** The proof was not checked: the attempt does not count. */
  release(em: EntityManager): Promise<void>;
}

/** For proofs that cannot be guessed. */
export const uncountedAttempt: ReservedAttempt = { trustedDevice: null, onSuccess: [], fail: async () => undefined };

/**
 * Runs work that settles the attempt: the first of its methods takes effect, later calls do nothing. Releases the attempt
 * when the work throws, unless it was settled and a refusal is thrown: `transact` throws that after the commit.
 */
export async function withAttempt<Result>(
  em: EntityManager,
  { trustedDevice, failsAtManyAccounts = false, onSuccess, fail }: ReservedAttempt,
  work: (attempt: Attempt) => Promise<Result>,
): Promise<Result> {
  let isSettled = false;
  let isCommitted = false;
  const once =
    <Argument>(settle: (argument: Argument) => Promise<void>) =>
    async (argument: Argument) => {
      if (isSettled) return;
      isSettled = true;
      await settle(argument);
    };
  const release = (by: EntityManager) => settleAttempts(by, onSuccess.map(released));
  const attempt: Attempt = {
    trustedDevice,
    failsAtManyAccounts,
    succeed: once((by) => settleAttempts(by, onSuccess)),
    async succeedWith(write) {
      const written = await write(onSuccess);
      if (written !== null) isSettled = isCommitted = true;
      return written;
    },
    fail: once(fail),
    release: once(release),
  };
  try {
    return await work(attempt);
  } catch (error) {
    if (!(isCommitted || (isSettled && error instanceof Refusal))) await release(em);
    throw error;
  }
}

function released({ counter }: Settlement): Settlement {
  return { counter, as: 'release' };
}
