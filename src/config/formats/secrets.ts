/** Formats of secrets: random enough, and in the encoding that the setting asks for. No problem quotes a value. */
import { z } from 'zod';

const minSecretBytes = 32;

export const secret = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  const isPhrase = bytes.every((byte) => byte >= 0x20 && byte < 0x7f) || isWritten(text);
  if (isBase64 && bytes.length >= minSecretBytes && isVaried(bytes, 12) && !isPhrase) return bytes;
  context.addIssue(`use at least ${minSecretBytes} random bytes in base64; create them with "openssl rand -base64 32"`);
  return z.NEVER;
});

/**
 * 32 random bytes are practically never all printable. Their base64 is practically never letters alone, and about 40 % of
 * it are capitals and as many small letters: less than an eighth means that a person wrote it. Hexadecimal is random.
 */
function isWritten(text: string): boolean {
  const share = (letters: RegExp) => (text.match(letters)?.length ?? 0) / text.length;
  const isOneSided = Math.min(share(/[a-z]/g), share(/[A-Z]/g)) < 1 / 8;
  return /^[A-Za-z]*=*$/.test(text) || (isOneSided && !/^[0-9a-f]+$/i.test(text));
}

/** Whether the bytes could be random: enough distinct values, no counting up or down, no repeated block. */
function isVaried(bytes: Uint8Array, minDistinct: number): boolean {
  const steps = bytes.subarray(1).map((byte, index) => (byte - (bytes[index] ?? 0)) & 0xff);
  const counted = steps.filter((step) => step === 1 || step === 0xff || step === 0).length;
  const text = Buffer.from(bytes).toString('latin1');
  const isRepeated = `${text}${text}`.indexOf(text, 1) < text.length;
  return new Set(bytes).size >= minDistinct && counted < steps.length / 2 && !isRepeated;
}

/** A secret that a client sends in a header. */
const headerSecret = (pattern: RegExp, minDistinct: number, hint: string) =>
  z.string().refine((text) => pattern.test(text) && isVaried(Buffer.from(text), minDistinct), { error: hint });

export const sharedSecret = headerSecret(
  /^[\x21-\x7e]{32,512}$/,
  12,
  'use 32 random characters or more, without white space; create them with "openssl rand -base64 32"',
);

export const metricsToken = headerSecret(
  /^[\x21-\x7e]{16,256}$/,
  8,
  'use 16 random characters or more, without white space; create them with "openssl rand -hex 24"',
);
