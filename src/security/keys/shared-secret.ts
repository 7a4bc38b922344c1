/** Compares a secret that both sides know with the presented one, in constant time and whatever its length. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** @param expected null: nothing matches */
export function matchesSecret(presented: unknown, expected: string | null): boolean {
  if (typeof presented !== 'string' || expected === null) return false;
  return timingSafeEqual(digest(presented), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
