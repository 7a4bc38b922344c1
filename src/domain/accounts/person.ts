/**
 * Lists the addresses of a user as keyed hashes, which is how audit entries and mails name them. Each address counts for
 * the time in which it was the user's: at other times it may have had other owners.
 */
import {
  findConfirmedRegistration,
  findFormerAddresses,
  type HeldAddress,
  type Person,
} from '../../persistence/accounts/personal-data.ts';
import type { User } from '../../persistence/accounts/user.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import type { KeyRing } from '../../security/keys/key-ring.ts';
import { keyedHashes } from '../../security/keys/keyed-hash.ts';
import { timeOfId } from '../ids.ts';

export async function personOf(tx: EntityManager, keyRing: KeyRing, user: User): Promise<Person> {
  const addresses: HeldAddress[] = [];
  const registration = await findConfirmedRegistration(tx, user.id);
  let since = registration === null ? user.createdAt : timeOfId(registration);
  for (const { hash, until } of await findFormerAddresses(tx, user.id)) {
    addresses.push({ hash, since, until });
    since = until;
  }
  const present = keyedHashes(keyRing, user.email).map((hash) => hash.toString('base64url'));
  return { userId: user.id, addresses: [...addresses, ...present.map((hash) => ({ hash, since, until: null }))] };
}
