/** Names the counters in PostgreSQL. Their keys are keyed hashes: the table contains no address and no user id. */
import type { Counter } from '../../persistence/attempts/counter.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { normaliseEmail } from '../text/email-address.ts';
import type { AttemptDeps } from './deps.ts';

export const quarterHour = 15 * 60;
export const hour = 60 * 60;
export const day = 24 * hour;

type Keys = Pick<AttemptDeps, 'keyRing'>;

export function counterOf({ keyRing }: Keys, bucket: string, ...key: readonly string[]): Counter {
  return { bucket, key: keyedHash(keyRing, bucket, ...key) };
}

/** The account counter of an address. It exists whether or not the address has an account. */
export function accountCounter(keys: Keys, email: string): Counter {
  return counterOf(keys, 'account', email);
}

/** One key for all spellings of an address: what the GraphQL limit of `login` counts by. */
export function addressKey({ keyRing }: Keys, emailText: string): string {
  return keyedHash(keyRing, normaliseEmail(emailText) ?? '').toString('base64url');
}
