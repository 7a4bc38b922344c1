/** Keyed hashes of personal data: counters and audit entries can tell addresses and sources apart without holding them. */
import { createHmac } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

export function keyedHash(keys: KeyRing, ...parts: readonly string[]): Buffer {
  return hashWith(keys.current('keyed-hash'), parts);
}

/** Also those that the previous secret made: for finding what was written before it was rotated. */
export function keyedHashes(keys: KeyRing, ...parts: readonly string[]): Buffer[] {
  return keys.accepted('keyed-hash').map((key) => hashWith(key, parts));
}

function hashWith(key: Buffer, parts: readonly string[]): Buffer {
  // The lengths keep ('ab', 'c') and ('a', 'bc') apart.
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return createHmac('sha256', key).update(text).digest();
}
