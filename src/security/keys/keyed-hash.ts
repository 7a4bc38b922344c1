/** Keyed hashes of personal data: counters and audit entries distinguish addresses and sources without storing them. */
import { createHmac, type KeyObject } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

export function keyedHash(keys: KeyRing, ...parts: readonly string[]): Buffer {
  return hashWith(keys.current('keyed-hash'), parts);
}

/** Also the hashes by the previous secret, to find rows that were written before its rotation. */
export function keyedHashes(keys: KeyRing, ...parts: readonly string[]): Buffer[] {
  return keys.accepted('keyed-hash').map((key) => hashWith(key, parts));
}

function hashWith(key: KeyObject, parts: readonly string[]): Buffer {
  // The lengths keep ('ab', 'c') and ('a', 'bc') apart.
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return createHmac('sha256', key).update(text).digest();
}
