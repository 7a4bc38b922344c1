/** CSRF tokens (security/tokens/csrf-token.ts): each belongs to one session, and is valid as long as the session. */
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createCsrfTokens } from '../../src/security/tokens/csrf-token.ts';
import { createDeviceTokens } from '../../src/security/tokens/device-token.ts';
import { createRefreshTokens } from '../../src/security/tokens/refresh-token.ts';

const newest = Buffer.alloc(32, 'new secret ');
const previous = Buffer.alloc(32, 'old secret ');
const tokens = createCsrfTokens(createKeyRing([newest]));
const sessionId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a3';
const otherSessionId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a4';

test('a session has one token at any time', () => {
  expect(tokens.mint(sessionId)).toBe(tokens.mint(sessionId));
  expect(tokens.matches(tokens.mint(sessionId), sessionId)).toBe(true);
});

test('the token of one session is invalid for another', () => {
  expect(tokens.mint(otherSessionId)).not.toBe(tokens.mint(sessionId));
  expect(tokens.matches(tokens.mint(otherSessionId), sessionId)).toBe(false);
});

test('a token is safe in a header, and does not show the session', () => {
  expect(tokens.mint(sessionId)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const bytes = Buffer.from(tokens.mint(sessionId), 'base64url');
  expect(bytes.includes(Buffer.from(sessionId.replaceAll('-', ''), 'hex'))).toBe(false);
});

test('a change of any byte makes it invalid', () => {
  for (let index = 0; index < 32; index += 1) {
    const bytes = Buffer.from(tokens.mint(sessionId), 'base64url');
    bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
    expect(tokens.matches(bytes.toString('base64url'), sessionId), `byte ${index}`).toBe(false);
  }
});

test.each([
  ['an empty text', ''],
  ['the session id itself', sessionId],
  ['a token cut short', tokens.mint(sessionId).slice(0, -2)],
  ['a token with a suffix', `${tokens.mint(sessionId)}AAAA`],
  ['zero bytes', Buffer.alloc(32).toString('base64url')],
  ['a very long text', 'A'.repeat(100_000)],
  ['characters beyond ASCII', '€'.repeat(43)],
])('%s is not a token, and throws nothing', (_what, text) => {
  expect(tokens.matches(text, sessionId)).toBe(false);
});

test('a token of the previous secret matches while secrets rotate, and new ones are made with the new secret', () => {
  const rotating = createCsrfTokens(createKeyRing([newest, previous]));
  const old = createCsrfTokens(createKeyRing([previous])).mint(sessionId);
  expect(rotating.matches(old, sessionId)).toBe(true);
  expect(tokens.matches(old, sessionId)).toBe(false);
  expect(rotating.mint(sessionId)).toBe(tokens.mint(sessionId));
});

test('a token of another kind is not a CSRF token', () => {
  const keys = createKeyRing([newest]);
  const refreshToken = createRefreshTokens(keys).mint({ familyId: sessionId, generation: 0 });
  expect(tokens.matches(refreshToken, sessionId)).toBe(false);
  expect(tokens.matches(createDeviceTokens(keys).mint(sessionId, new Date()), sessionId)).toBe(false);
});
