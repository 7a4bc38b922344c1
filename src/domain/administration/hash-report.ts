/** Counts password hashes by algorithm: how many imported users have signed in and got a hash of our own. */
import { countHashes, type HashCount } from '../../persistence/accounts/export.ts';
import { algorithmOf } from '../../security/foreign-hashes/readers.ts';
import type { Unit } from '../transaction.ts';

/** Most frequent first. `none`: users without a password. */
export async function hashReport({ em }: Unit): Promise<HashCount[]> {
  const counts = new Map<string, HashCount>();
  for (const { algorithm: id, users, imported } of await countHashes(em.fork())) {
    const algorithm = id === 'none' ? id : algorithmOf(`$${id}`);
    const before = counts.get(algorithm) ?? { algorithm, users: 0, imported: 0 };
    counts.set(algorithm, { algorithm, users: before.users + users, imported: before.imported + imported });
  }
  return [...counts.values()];
}
