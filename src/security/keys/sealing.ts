/**
 * Seals small secrets for the database: AES-256-GCM with a random nonce. The associated data binds a ciphertext to its
 * row, so that one moved to another row does not open.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-ring.ts';

const nonceBytes = 12;
const tagBytes = 16;

/** Thrown when no accepted key opens a sealed value: another secret, another row, or a changed value. */
export class UnsealError extends Error {
  override name = 'UnsealError';
  /** For the operator, in the log. */
  readonly advice = 'set SECRET to its earlier value, or set SECRET_PREVIOUS to it';
}

export interface Sealer {
  seal(plain: Buffer, associatedData: string): Buffer;
  /** @throws UnsealError */
  unseal(sealed: Uint8Array, associatedData: string): Buffer;
}

export function createSealer(keys: KeyRing): Sealer {
  return {
    seal(plain, associatedData) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', keys.current('sealing'), nonce);
      cipher.setAAD(Buffer.from(associatedData));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    unseal(sealed, associatedData) {
      for (const key of keys.accepted('sealing')) {
        const opened = open(key, sealed, associatedData);
        if (opened) return opened;
      }
      throw new UnsealError('a sealed value does not open with SECRET (nor SECRET_PREVIOUS)');
    },
  };
}

function open(key: KeyObject, sealed: Uint8Array, associatedData: string): Buffer | null {
  if (sealed.length < nonceBytes + tagBytes) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(associatedData));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
  } catch {
    return null;
  }
}
