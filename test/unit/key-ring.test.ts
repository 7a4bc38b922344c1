/**
 * Keys by purpose (security/keys/key-ring.ts): each serves one purpose, and the previous secret is accepted during a
 * rotation.
 */
import { hkdfSync, type KeyObject } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing, type KeyPurpose } from '../../src/security/keys/key-ring.ts';

const newest = Buffer.alloc(32, 'new secret ');
const previous = Buffer.alloc(32, 'old secret ');
const purposes: readonly KeyPurpose[] = ['refresh-token', 'sealing', 'keyed-hash'];
const bytesOf = (key: KeyObject) => key.export().toString('hex');

test('every purpose has its own key of 32 bytes', () => {
  const ring = createKeyRing([newest]);
  const keys = purposes.map((purpose) => ring.current(purpose));
  expect(new Set(keys.map(bytesOf)).size).toBe(purposes.length);
  expect(keys.map((key) => key.symmetricKeySize)).toEqual([32, 32, 32]);
});

test('no key is the secret itself', () => {
  const ring = createKeyRing([newest]);
  for (const purpose of purposes) expect(bytesOf(ring.current(purpose))).not.toBe(newest.toString('hex'));
});

test('keys are HKDF-SHA256 of the secret and the purpose, so that a restart derives the same keys', () => {
  const expected = Buffer.from(hkdfSync('sha256', newest, '', 'postern/sealing/1', 32));
  expect(bytesOf(createKeyRing([newest]).current('sealing'))).toBe(expected.toString('hex'));
});

test('another secret gives other keys', () => {
  for (const purpose of purposes) {
    const [key, other] = [createKeyRing([newest]), createKeyRing([previous])].map((ring) => ring.current(purpose));
    expect(key && other && key.equals(other)).toBe(false);
  }
});

test('the newest secret signs, and the previous one is also accepted', () => {
  const ring = createKeyRing([newest, previous]);
  for (const purpose of purposes) {
    const [ofNewest, ofPrevious] = [newest, previous].map((secret) =>
      bytesOf(createKeyRing([secret]).current(purpose)),
    );
    expect(bytesOf(ring.current(purpose))).toBe(ofNewest);
    expect(ring.accepted(purpose).map(bytesOf)).toEqual([ofNewest, ofPrevious]);
  }
});

test('with one secret, one key is accepted', () => {
  const ring = createKeyRing([newest]);
  expect(ring.accepted('refresh-token').map(bytesOf)).toEqual([bytesOf(ring.current('refresh-token'))]);
});

test('each key is made once, because making one costs more than an HMAC', () => {
  const ring = createKeyRing([newest, previous]);
  for (const purpose of purposes) {
    expect(ring.current(purpose)).toBe(ring.current(purpose));
    expect(ring.accepted(purpose)[0]).toBe(ring.current(purpose));
  }
});
