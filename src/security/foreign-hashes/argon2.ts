/** Argon2 by the parameters of another system. Argon2id becomes an own hash as it is. */
import argon2 from 'argon2';
import type { HashReader } from './foreign-hash.ts';
import { parsePhc } from './phc.ts';

const limits = { memoryKib: 256 * 1024, passes: 10, lanes: 8 };
const minSaltBytes = 8;

export const readArgon2: HashReader = (text) => {
  const [, type, rest] = /^\$(argon2id?)\$v=19(\$.*)$/s.exec(text) ?? [];
  const parsed = parsePhc(`$${type}${rest}`, { numbers: ['m', 't', 'p'] });
  if (!parsed) return text.startsWith('$argon2') ? 'UNKNOWN_HASH' : null;
  const [memoryKib = 0, passes = 0, lanes = 0] = ['m', 't', 'p'].map((name) => parsed.numbers.get(name));
  if (lanes < 1 || passes < 1 || memoryKib < 8 * lanes || parsed.salt.length < minSaltBytes) return 'UNKNOWN_HASH';
  if (memoryKib > limits.memoryKib || passes > limits.passes || lanes > limits.lanes) return 'HASH_TOO_EXPENSIVE';
  return { encoded: text, matches: (password) => argon2.verify(text, password.normalize('NFKC')) };
};
