/**
 * A salted hash that replaces personal data, so that the data can be deleted. With the salt it proves what the data was;
 * without the salt it reveals nothing, even to an attacker who tries every IP address.
 */
import { hash } from 'node:crypto';
import { randomBlock } from '../random.ts';

export interface PersonalHash {
  salt: Buffer;
  hash: Buffer;
}

/** @param salt the stored salt, to check stored data; absent: a new salt */
export function hashPersonal(values: readonly (string | null)[], salt: Buffer = randomBlock()): PersonalHash {
  const salted = Buffer.concat([salt, Buffer.from(JSON.stringify(values))]);
  return { salt, hash: hash('sha256', salted, 'buffer') };
}
