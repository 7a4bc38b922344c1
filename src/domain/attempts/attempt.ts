/** An attempt that is counted before it is judged, so that parallel attempts count as well. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { Refusal } from '../errors.ts';
import type { Transaction } from '../transaction.ts';

/** A reserved attempt. */
export interface Attempt {
  /** The id of the caller's device, where the account trusts it. */
  trustedDevice: string | null;
  /** The proof was right: the counter starts again. */
  succeed(em: EntityManager): Promise<void>;
  /** The proof was wrong. Locks the counter when this was the last attempt that it allows. */
  fail(transaction: Transaction): Promise<void>;
  /** The proof was not checked: the attempt does not count. */
  release(em: EntityManager): Promise<void>;
}

const nothing = async () => undefined;

/** For proofs that cannot be guessed. */
export const uncountedAttempt: Attempt = { trustedDevice: null, succeed: nothing, fail: nothing, release: nothing };

/**
 * Runs work that settles the attempt: the first of its methods takes effect, later calls do nothing. Releases the attempt
 * when the work throws, unless it was settled and a refusal is thrown: `transact` throws that after the commit.
 */
export async function withAttempt<Result>(
  em: EntityManager,
  { trustedDevice, succeed, fail, release }: Attempt,
  work: (attempt: Attempt) => Promise<Result>,
): Promise<Result> {
  let isSettled = false;
  const once =
    <Argument>(settle: (argument: Argument) => Promise<void>) =>
    async (argument: Argument) => {
      if (isSettled) return;
      isSettled = true;
      await settle(argument);
    };
  try {
    return await work({ trustedDevice, succeed: once(succeed), fail: once(fail), release: once(release) });
  } catch (error) {
    if (!(isSettled && error instanceof Refusal)) await release(em);
    throw error;
  }
}
