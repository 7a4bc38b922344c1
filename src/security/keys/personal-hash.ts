/**
 * A salted hash that replaces personal data, so that the data can be deleted. With the salt it proves what the data was;
 * without the salt it reveals nothing, even to an attacker who tries every IP address.
 */
import { createHash } from 'node:crypto';
import { randomBlock } from '../random.ts';

export interface PersonalHash {
  salt: Buffer;
  hash: Buffer;
}

/** @param salt the stored salt, to check stored data; absent: a new salt */
export function hashPersonal(values: readonly (string | null)[], salt: Buffer = randomBlock()): PersonalHash {
  return { salt, hash: createHash('sha256').update(salt).update(JSON.stringify(values)).digest() };
}
