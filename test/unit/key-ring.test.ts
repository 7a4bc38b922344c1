/**
 * Keys by purpose (security/keys/key-ring.ts): each serves one purpose, and the previous secret is accepted during a
 * rotation.
 */
import { hkdfSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing, type KeyPurpose } from '../../src/security/keys/key-ring.ts';

const newest = Buffer.alloc(32, 'new secret ');
const previous = Buffer.alloc(32, 'old secret ');
const purposes: readonly KeyPurpose[] = ['refresh-token', 'sealing', 'keyed-hash'];

test('every purpose has its own key of 32 bytes', () => {
  const ring = createKeyRing([newest]);
  const keys = purposes.map((purpose) => ring.current(purpose));
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(purposes.length);
  expect(keys.map((key) => key.length)).toEqual([32, 32, 32]);
});

test('no key is the secret itself', () => {
  const ring = createKeyRing([newest]);
  for (const purpose of purposes) expect(ring.current(purpose).equals(newest)).toBe(false);
});

test('keys are HKDF-SHA256 of the secret and the purpose, so that a restart derives the same keys', () => {
  const expected = Buffer.from(hkdfSync('sha256', newest, '', 'postern/sealing/1', 32));
  expect(createKeyRing([newest]).current('sealing')).toEqual(expected);
});

test('another secret gives other keys', () => {
  for (const purpose of purposes) {
    expect(createKeyRing([newest]).current(purpose)).not.toEqual(createKeyRing([previous]).current(purpose));
  }
});

test('the newest secret signs, and the previous one is also accepted', () => {
  const ring = createKeyRing([newest, previous]);
  for (const purpose of purposes) {
    const keyOfNewest = createKeyRing([newest]).current(purpose);
    const keyOfPrevious = createKeyRing([previous]).current(purpose);
    expect(ring.current(purpose)).toEqual(keyOfNewest);
    expect(ring.accepted(purpose)).toEqual([keyOfNewest, keyOfPrevious]);
  }
});

test('with one secret, one key is accepted', () => {
  const ring = createKeyRing([newest]);
  expect(ring.accepted('refresh-token')).toEqual([ring.current('refresh-token')]);
});
