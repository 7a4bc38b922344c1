/**
 * A salted hash that stands for personal data where the data itself must be able to go: while the salt is kept it
 * proves what the data was, and without the salt it reveals nothing, even to an attacker who tries every IP address.
 */
import { createHash, randomBytes } from 'node:crypto';

const saltBytes = 16;

export interface PersonalHash {
  salt: Buffer;
  hash: Buffer;
}

/** @param salt a known one to check what is kept; without it, a new one */
export function hashPersonal(values: readonly (string | null)[], salt: Buffer = randomBytes(saltBytes)): PersonalHash {
  return { salt, hash: createHash('sha256').update(salt).update(JSON.stringify(values)).digest() };
}
