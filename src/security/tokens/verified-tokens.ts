/**
 * Opens access tokens, and remembers which signatures are genuine: to check a signature is a quarter of the cost of a
 * short request, and a client sends one token many times. It remembers nothing of the session, the user or their role,
 * which each request reads from the database.
 */
import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  checkToken,
  type GenuineToken,
  keyIdOf,
  type OpenedToken,
  openAccessToken,
  type Verification,
} from './access-token.ts';

/** About 2 KB each. */
const maxTokens = 5000;

interface Verified extends GenuineToken {
  publicKey: KeyObject;
}

export class VerifiedTokens {
  readonly #verified = new LRUCache<string, Verified>({ max: maxTokens });

  /** @returns the key that the token says it was signed with, or null when it is no access token */
  keyIdOf(token: string): string | null {
    return this.#verified.peek(token)?.kid ?? keyIdOf(token);
  }

  open(token: string, verification: Verification): OpenedToken {
    const known = this.#verified.get(token);
    const key = known && verification.keyOf(known.kid);
    // Only the same key in memory: a key that was read again verifies the token again.
    if (known && key?.publicKey === known.publicKey) return checkToken(known, key, verification.now);
    const opened = openAccessToken(token, verification);
    const publicKey = 'claims' in opened ? verification.keyOf(opened.kid)?.publicKey : undefined;
    if ('claims' in opened && publicKey) this.#verified.set(token, { ...opened, publicKey });
    else this.#verified.delete(token);
    return opened;
  }
}
