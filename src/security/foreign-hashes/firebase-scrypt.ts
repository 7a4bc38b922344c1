/**
 * Firebase's variant of scrypt (github.com/firebase/scrypt): the key that scrypt derives encrypts the signer key of the
 * project, and the result is the hash. The signer key is stored sealed.
 */
import { createCipheriv, timingSafeEqual } from 'node:crypto';
import type { HashReader } from './foreign-hash.ts';
import { formatPhc, parsePhc } from './phc.ts';
import { deriveScrypt, scryptOptions } from './scrypt.ts';

const limits = { memCost: 16, rounds: 8 };
const keyBytes = 32;
export const firebaseId = 'firebase-scrypt';

/** @param unseal opens the signer key; null: it was sealed with another secret */
export function readFirebaseScrypt(unseal: (sealed: Buffer) => Buffer | null): HashReader {
  return (text) => {
    if (!text.startsWith(`$${firebaseId}$`)) return null;
    const parsed = parsePhc(text, { numbers: ['ln', 'r'], texts: ['ss', 'sk'] });
    const separator = parsed?.texts.get('ss');
    const sealedKey = parsed?.texts.get('sk');
    if (!parsed || !separator || !sealedKey) return 'UNKNOWN_HASH';
    const { numbers, salt, digest } = parsed;
    const [memCost = 0, rounds = 0] = ['ln', 'r'].map((name) => numbers.get(name));
    const options =
      memCost > limits.memCost || rounds > limits.rounds ? null : scryptOptions({ logN: memCost, r: rounds, p: 1 });
    if (!options) return 'HASH_TOO_EXPENSIVE';
    const signerKey = unseal(sealedKey);
    if (!signerKey) return 'HASH_CONFIG_MISSING';
    return {
      encoded: formatPhc(firebaseId, { ln: memCost, r: rounds, ss: separator, sk: sealedKey }, salt, digest),
      async matches(password) {
        const key = await deriveScrypt(password, Buffer.concat([salt, separator]), keyBytes, options);
        const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
        const made = Buffer.concat([cipher.update(signerKey), cipher.final()]);
        return made.length === digest.length && timingSafeEqual(made, digest);
      },
    };
  };
}
