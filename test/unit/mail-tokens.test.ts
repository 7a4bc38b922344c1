/** Tokens in mails (security/tokens/mail-tokens.ts): 256 random bits, of which the database stores only the hash. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashMailToken, mintMailToken } from '../../src/security/tokens/mail-tokens.ts';

test('a token is 256 bits in base64url', () => {
  const { token } = mintMailToken();
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});

test('no two tokens are equal', () => {
  expect(new Set(Array.from({ length: 500 }, () => mintMailToken().token)).size).toBe(500);
});

test('the stored hash equals the hash that is looked up, and is SHA-256', () => {
  const { token, tokenHash } = mintMailToken();
  expect(hashMailToken(token)).toEqual(tokenHash);
  expect(tokenHash).toEqual(createHash('sha256').update(token).digest());
});

test('the hash contains no part of the token', () => {
  const { token, tokenHash } = mintMailToken();
  expect(tokenHash).not.toEqual(Buffer.from(token, 'base64url'));
  expect(tokenHash.includes(token)).toBe(false);
});

test('two spellings of the same bytes are two tokens, so that only the mailed one works', () => {
  const token = `${'A'.repeat(42)}A`;
  const other = `${'A'.repeat(42)}B`;
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(token, 'base64url'));
  expect(hashMailToken(other)).not.toEqual(hashMailToken(token));
});

test.each([
  ['nothing', ''],
  ['a character too few', 'A'.repeat(42)],
  ['a character too many', 'A'.repeat(44)],
  ['a trailing line break', `${'A'.repeat(43)}\n`],
  ['padding', `${'A'.repeat(42)}=`],
  ['the other base64 alphabet', `${'A'.repeat(42)}+`],
  ['letters of another alphabet', 'é'.repeat(43)],
  ['a megabyte', 'A'.repeat(1_000_000)],
])('%s is not a token, and is not looked up', (_what, text) => {
  expect(hashMailToken(text)).toBeNull();
});
