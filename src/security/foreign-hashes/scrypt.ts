/** scrypt (RFC 7914), as better-auth uses it: the password in NFKC. */
import { scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { HashReader } from './foreign-hash.ts';
import { formatPhc, parsePhc } from './phc.ts';

type Derive = (password: string, salt: Buffer, length: number, options: ScryptOptions) => Promise<Buffer>;

export interface ScryptOptions {
  N: number;
  r: number;
  p: number;
  maxmem: number;
}

export const deriveScrypt: Derive = promisify(scrypt);

const maxBytes = 128 * 1024 * 1024;
const maxLanes = 8;

/** @returns null beyond the memory that one sign-in may take */
export function scryptOptions({ logN, r, p }: { logN: number; r: number; p: number }): ScryptOptions | null {
  const bytes = 128 * 2 ** logN * r;
  if (logN < 1 || r < 1 || p < 1 || p > maxLanes || !(bytes <= maxBytes)) return null;
  // Node counts the lanes and a working block as well.
  return { N: 2 ** logN, r, p, maxmem: bytes + 128 * r * (p + 2) + 1024 };
}

export const readScrypt: HashReader = (text) => {
  if (!text.startsWith('$scrypt$')) return null;
  const parsed = parsePhc(text, { numbers: ['ln', 'r', 'p'] });
  if (!parsed) return 'UNKNOWN_HASH';
  const { numbers, salt, digest } = parsed;
  const [logN = 0, r = 0, p = 0] = ['ln', 'r', 'p'].map((name) => numbers.get(name));
  const options = scryptOptions({ logN, r, p });
  if (!options) return 'HASH_TOO_EXPENSIVE';
  return {
    encoded: formatPhc('scrypt', { ln: logN, r, p }, salt, digest),
    async matches(password) {
      const derived = await deriveScrypt(password.normalize('NFKC'), salt, digest.length, options);
      return timingSafeEqual(derived, digest);
    },
  };
};
