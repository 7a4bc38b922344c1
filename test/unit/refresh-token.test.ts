/**
 * Refresh tokens (security/tokens/refresh-token.ts): only tokens of this deployment are valid, in exactly one spelling.
 */
import { v7 as uuidv7 } from 'uuid';
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createRefreshTokens, openingOnce } from '../../src/security/tokens/refresh-token.ts';

const newest = Buffer.alloc(32, 'new secret ');
const previous = Buffer.alloc(32, 'old secret ');
const tokens = createRefreshTokens(createKeyRing([newest]));
const familyId = '01981c9e-6f00-7a3b-8c4d-5e6f708192a3';
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A token with one byte of its content changed. */
function withByteChanged(token: string, index: number): string {
  const bytes = Buffer.from(token, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString('base64url');
}

test.each([0, 1, 255, 65_536, 2 ** 32 - 1])('generation %i is read back with its family', (generation) => {
  expect(tokens.open(tokens.mint({ familyId, generation }))).toEqual({ familyId, generation });
});

test('a generation has one token at any time', () => {
  expect(tokens.mint({ familyId, generation: 3 })).toBe(tokens.mint({ familyId, generation: 3 }));
});

test('generations and families have tokens of their own', () => {
  const minted = [
    tokens.mint({ familyId, generation: 3 }),
    tokens.mint({ familyId, generation: 4 }),
    tokens.mint({ familyId: uuidv7(), generation: 3 }),
  ];
  expect(new Set(minted).size).toBe(3);
});

test('a token is safe in a URL, a header and a cookie', () => {
  for (let generation = 0; generation < 50; generation += 1) {
    expect(tokens.mint({ familyId, generation })).toMatch(/^[A-Za-z0-9_-]{70}$/);
  }
});

test('every changed byte is refused: family, generation and MAC', () => {
  const token = tokens.mint({ familyId, generation: 7 });
  for (const index of Buffer.from(token, 'base64url').keys()) {
    expect(tokens.open(withByteChanged(token, index)), `byte ${index}`).toBeNull();
  }
});

test('the MAC of one generation is invalid for another', () => {
  const mine = Buffer.from(tokens.mint({ familyId, generation: 7 }), 'base64url');
  const next = Buffer.from(tokens.mint({ familyId, generation: 8 }), 'base64url');
  const spliced = Buffer.concat([next.subarray(0, 20), mine.subarray(20)]);
  expect(tokens.open(spliced.toString('base64url'))).toBeNull();
});

test('another spelling of the same bytes is refused', () => {
  const token = tokens.mint({ familyId, generation: 7 });
  const last = alphabet.indexOf(token.slice(-1));
  // The last of 70 characters has four unused bits.
  const spellings = [...alphabet].filter((_, index) => index !== last && index >> 4 === last >> 4);
  expect(spellings).toHaveLength(15);
  for (const character of spellings) {
    const other = token.slice(0, -1) + character;
    expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(token, 'base64url'));
    expect(tokens.open(other), other).toBeNull();
  }
});

test('the same bytes in the other base64 alphabet are refused', () => {
  const generations = Array.from({ length: 200 }, (_, generation) => tokens.mint({ familyId, generation }));
  const withSign = generations.filter((token) => /[-_]/.test(token));
  expect(withSign.length).toBeGreaterThan(0);
  for (const token of withSign) {
    expect(tokens.open(token.replaceAll('-', '+').replaceAll('_', '/'))).toBeNull();
  }
});

test('padding and white space around a token are refused', () => {
  const token = tokens.mint({ familyId, generation: 7 });
  for (const other of [`${token}==`, `${token}\n`, ` ${token}`, `${token} `]) expect(tokens.open(other)).toBeNull();
});

test.each([0, 1, 20, 51, 53, 104, 10_000])('%i bytes are not a token', (length) => {
  expect(tokens.open(Buffer.alloc(length, 1).toString('base64url'))).toBeNull();
});

test.each(['', '.', 'null', 'é'.repeat(70), '\u0000'.repeat(70), '*'.repeat(70), 'A'.repeat(70)])(
  'garbage is not a token: %j',
  (text) => {
    expect(tokens.open(text)).toBeNull();
  },
);

test('a token of another deployment is refused', () => {
  const foreign = createRefreshTokens(createKeyRing([previous])).mint({ familyId, generation: 7 });
  expect(tokens.open(foreign)).toBeNull();
});

test('while the secret rotates, tokens of the previous one are valid and new tokens use the new one', () => {
  const rotating = createRefreshTokens(createKeyRing([newest, previous]));
  const before = createRefreshTokens(createKeyRing([previous])).mint({ familyId, generation: 7 });
  expect(rotating.open(before)).toEqual({ familyId, generation: 7 });
  expect(rotating.mint({ familyId, generation: 8 })).toBe(tokens.mint({ familyId, generation: 8 }));
});

test('a family that is not a UUID and an out-of-range generation are refused', () => {
  expect(() => tokens.mint({ familyId: 'not-a-uuid', generation: 1 })).toThrow(TypeError);
  expect(() => tokens.mint({ familyId, generation: -1 })).toThrow(RangeError);
  expect(() => tokens.mint({ familyId, generation: 2 ** 32 })).toThrow(RangeError);
});

test('a request that opens several tokens reads each one as it is', () => {
  const ofRequest = openingOnce(tokens);
  const own = tokens.mint({ familyId, generation: 7 });
  const successor = tokens.mint({ familyId, generation: 8 });
  expect(ofRequest.open(own)).toEqual({ familyId, generation: 7 });
  expect(ofRequest.open(own)).toEqual({ familyId, generation: 7 });
  expect(ofRequest.open(withByteChanged(own, 20))).toBeNull();
  expect(ofRequest.open(successor)).toEqual({ familyId, generation: 8 });
  expect(ofRequest.open(own)).toEqual({ familyId, generation: 7 });
});
