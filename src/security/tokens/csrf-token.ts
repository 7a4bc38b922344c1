/** CSRF tokens: an HMAC of the session, so that they are valid as long as the session and nothing is stored (ASVS 3.5.1). */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../keys/key-ring.ts';

export interface CsrfTokens {
  mint(sessionId: string): string;
  /** In constant time. */
  matches(token: string, sessionId: string): boolean;
}

export function createCsrfTokens(keys: KeyRing): CsrfTokens {
  return {
    mint: (sessionId) => mac(keys.current('csrf-token'), sessionId).toString('base64url'),
    matches(token, sessionId) {
      const presented = Buffer.from(token, 'base64url');
      return keys.accepted('csrf-token').some((key) => {
        const expected = mac(key, sessionId);
        return presented.length === expected.length && timingSafeEqual(presented, expected);
      });
    },
  };
}

function mac(key: KeyObject, sessionId: string): Buffer {
  return createHmac('sha256', key).update(sessionId).digest();
}
