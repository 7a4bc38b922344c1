/**
 * Who a user is to what is kept without naming them: audit entries and mails know an address by its keyed hash. What an
 * address was used for before and after it was theirs is somebody else's.
 */
import type { User } from '../persistence/entities/user.ts';
import type { EntityManager } from '../persistence/entity-manager.ts';
import { findFormerAddresses, type HeldAddress, type Person } from '../persistence/queries/personal-data.ts';
import type { KeyRing } from '../security/key-ring.ts';
import { keyedHashes } from '../security/keyed-hash.ts';
import { secondsAfter } from './clock.ts';

/** The registration is theirs, too, and the account begins when it is confirmed. */
const registrationSeconds = 24 * 60 * 60;

export async function personOf(tx: EntityManager, keyRing: KeyRing, user: User): Promise<Person> {
  const addresses: HeldAddress[] = [];
  let since = secondsAfter(user.createdAt, -registrationSeconds);
  for (const { hash, until } of await findFormerAddresses(tx, user.id)) {
    addresses.push({ hash, since, until });
    since = until;
  }
  const present = keyedHashes(keyRing, user.email).map((hash) => hash.toString('base64url'));
  return { userId: user.id, addresses: [...addresses, ...present.map((hash) => ({ hash, since, until: null }))] };
}
