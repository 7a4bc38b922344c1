/** The codes of mails and SMS: eight digits, so that five tries guess one of 20 million flows. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from './keys/key-ring.ts';
import { keyedHash, keyedHashes } from './keys/keyed-hash.ts';
import { canonicalDigits } from './typed-digits.ts';

const digits = 8;

export function newOneTimeCode(): string {
  return randomInt(10 ** digits)
    .toString()
    .padStart(digits, '0');
}

/** @param flowId the hash is of no use for another flow */
export function hashOneTimeCode(keys: KeyRing, flowId: string, code: string): Buffer {
  return keyedHash(keys, 'one-time-code', flowId, code);
}

/** @param typed as the user entered it: with blanks, dashes or the digits of another script */
export function isOneTimeCode(keys: KeyRing, flowId: string, typed: string, codeHash: Buffer): boolean {
  const code = canonicalDigits(typed, digits);
  if (code === null) return false;
  return keyedHashes(keys, 'one-time-code', flowId, code).some((hash) => timingSafeEqual(hash, codeHash));
}
