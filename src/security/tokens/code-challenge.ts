/** Proof keys of code exchange (RFC 7636): the caller keeps a verifier, the server its hash. */
import { createHash } from 'node:crypto';

/** @returns the challenge of the method `S256`; null: the text is no verifier (4.1) */
export function challengeOf(codeVerifier: string): string | null {
  const isVerifier = /^[A-Za-z0-9._~-]{43,128}$/.test(codeVerifier);
  return isVerifier ? createHash('sha256').update(codeVerifier).digest('base64url') : null;
}

export function isChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
