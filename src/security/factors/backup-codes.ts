/**
 * Backup codes: 50 random bits each, in letters and digits that look different on paper (Crockford's base32). With
 * that many bits a keyed hash protects them in the database.
 */
import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const halfLength = 5;

/** @returns for example `7k3mw-q90xd` */
export function newBackupCode(): string {
  const half = () => Array.from({ length: halfLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${half()}-${half()}`;
}

/** UTF-16 units. */
const maxTypedLength = 64;

/**
 * Normalises a code that a user types or pastes: capitals, blanks, another dash or none, full-width letters,
 * O for 0, I or L for 1 (the alphabet has none of these three letters).
 * @returns an empty text, which matches no code, when the text is too long
 */
export function canonicalBackupCode(text: string): string {
  // Bounded before normalisation: NFKC is quadratic in runs of combining marks.
  if (text.length > maxTypedLength) return '';
  const letters = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
  return letters.replaceAll('o', '0').replace(/[il]/g, '1');
}
