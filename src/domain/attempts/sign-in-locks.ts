/** The locks that failed sign-ins put on accounts: reading and removing them. */
import { findLocks, forgetAttempts } from '../../persistence/attempts/attempts.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { accountCounter } from './counters.ts';
import type { AttemptDeps } from './deps.ts';

type Deps = Pick<AttemptDeps, 'em' | 'clock' | 'keyRing'>;

/** Removes the lock of the account: its owner proved control of the address. @returns whether the account was locked */
export function unlockSignIn(
  deps: Pick<Deps, 'clock' | 'keyRing'>,
  tx: EntityManager,
  email: string,
): Promise<boolean> {
  return forgetAttempts(tx, accountCounter(deps, email), deps.clock.now());
}

/** @returns for each address the end of the lock of its account, or null */
export async function findSignInLocks(deps: Deps, emails: readonly string[]): Promise<(Date | null)[]> {
  const counters = emails.map((email) => accountCounter(deps, email));
  const locks = await findLocks(deps.em.fork(), counters, deps.clock.now());
  return counters.map(({ key }) => locks.get(key.toString('hex')) ?? null);
}
