/** Reads the hash of any known system. */
import { readArgon2 } from './argon2.ts';
import { readBcrypt } from './bcrypt.ts';
import { readFirebaseScrypt } from './firebase-scrypt.ts';
import { type ForeignHash, type HashProblem, maxHashLength } from './foreign-hash.ts';
import { readPbkdf2 } from './pbkdf2.ts';
import { readScrypt } from './scrypt.ts';

/** Digests without a work factor, by their usual texts: hexadecimal, crypt(3), LDAP and phpass. */
const weakForms = [
  /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i,
  /^\$(?:1|5|6|apr1|P|H|S|md5|sha1)\$/,
  /^\{(?:S?MD5|S?SHA(?:256|384|512)?|CRYPT|PLAIN|CLEARTEXT)\}/i,
  /^[./A-Za-z0-9]{13}$/,
];

/** @returns the name of the algorithm of a stored hash, for reports */
export function algorithmOf(encoded: string): string {
  const id = encoded.split('$')[1] ?? '';
  return /^2[aby]?$/.test(id) ? 'bcrypt' : id;
}

export type ForeignHashReader = (text: string) => ForeignHash | HashProblem;

/** @param unsealSignerKey of Firebase's hashes */
export function foreignHashReader(unsealSignerKey: (sealed: Buffer) => Buffer | null): ForeignHashReader {
  const readers = [readArgon2, readBcrypt, readScrypt, readPbkdf2, readFirebaseScrypt(unsealSignerKey)];
  return (text) => {
    if (text.length > maxHashLength) return 'UNKNOWN_HASH';
    for (const read of readers) {
      const found = read(text);
      if (found !== null) return found;
    }
    return weakForms.some((form) => form.test(text)) ? 'WEAK_HASH' : 'UNKNOWN_HASH';
  };
}
