/** A keyed hash of an e-mail address: counts and audit entries can tell addresses apart without holding them. */
import { createHmac } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

/** @param email normalised (domain/email-address.ts) */
export function hashAddress(keys: KeyRing, email: string): Buffer {
  return createHmac('sha256', keys.current('address-hash')).update(email).digest();
}
