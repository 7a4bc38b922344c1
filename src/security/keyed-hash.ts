/** Keyed hashes of personal data: counters and audit entries can tell addresses and sources apart without holding them. */
import { createHmac } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

export function keyedHash(keys: KeyRing, ...parts: readonly string[]): Buffer {
  // The lengths keep ('ab', 'c') and ('a', 'bc') apart.
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return createHmac('sha256', keys.current('keyed-hash')).update(text).digest();
}
