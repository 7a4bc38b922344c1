/** Names the secret of an installation without revealing it: hashes by another secret match nothing here. */
import type { KeyRing } from '../../../security/keys/key-ring.ts';
import { keyedHash } from '../../../security/keys/keyed-hash.ts';

export function secretMark(keyRing: KeyRing): string {
  return keyedHash(keyRing, 'secret-mark').toString('base64url').slice(0, 16);
}
