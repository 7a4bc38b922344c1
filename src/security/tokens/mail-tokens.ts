/** Tokens of mails: 256 random bits, of which only the SHA-256 is stored. */
import { createHash, randomBytes } from 'node:crypto';

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

export interface MintedMailToken {
  token: string;
  tokenHash: Buffer;
}

export function mintMailToken(): MintedMailToken {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: sha256(token) };
}

/** @returns null when the text does not have the form of a token */
export function hashMailToken(token: string): Buffer | null {
  return tokenPattern.test(token) ? sha256(token) : null;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
