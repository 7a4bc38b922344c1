/**
 * Backup codes: 50 random bits each, in letters and digits that nobody mixes up on paper (Crockford's base32). With
 * that many bits a keyed hash is all they need in the database.
 */
import { randomInt } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const halfLength = 5;

/** @returns such as `7k3mw-q90xd` */
export function newBackupCode(): string {
  const half = () => Array.from({ length: halfLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${half()}-${half()}`;
}

/** One spelling for all the ways in which people type a code: capitals, blanks, no dash, the letter O for a zero. */
export function canonicalBackupCode(text: string): string {
  return text.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
}
