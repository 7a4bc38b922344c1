/** PBKDF2 (RFC 8018) with HMAC-SHA-256 or HMAC-SHA-512, as Keycloak uses it. */
import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { HashReader } from './foreign-hash.ts';
import { formatPhc, parsePhc } from './phc.ts';

const derive = promisify(pbkdf2);
const ids: Readonly<Record<string, 'sha256' | 'sha512'>> = { 'pbkdf2-sha256': 'sha256', 'pbkdf2-sha512': 'sha512' };
const maxIterations = 1_000_000;
/** A hash below it falls to a graphics card within days. */
const minIterations = 1000;

export const readPbkdf2: HashReader = (text) => {
  if (!text.startsWith('$pbkdf2-')) return null;
  const parsed = parsePhc(text, { numbers: ['i'] });
  const digestName = parsed && ids[parsed.id];
  if (!parsed || !digestName) return 'UNKNOWN_HASH';
  const { id, numbers, salt, digest } = parsed;
  const iterations = numbers.get('i') ?? 0;
  if (iterations < minIterations) return 'WEAK_HASH';
  if (iterations > maxIterations) return 'HASH_TOO_EXPENSIVE';
  return {
    encoded: formatPhc(id, { i: iterations }, salt, digest),
    async matches(password) {
      return timingSafeEqual(await derive(password, salt, iterations, digest.length, digestName), digest);
    },
  };
};
