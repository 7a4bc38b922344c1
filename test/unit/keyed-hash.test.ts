/**
 * Keyed address hashes (security/keys/keyed-hash.ts): different for each address, and not guessable without the key.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { keyedHash } from '../../src/security/keys/keyed-hash.ts';

const keys = createKeyRing([Buffer.alloc(32, 'new secret ')]);

test('an address has one hash, and another address has another', () => {
  expect(keyedHash(keys, 'ada@example.com')).toEqual(keyedHash(keys, 'ada@example.com'));
  expect(keyedHash(keys, 'ada@example.com')).not.toEqual(keyedHash(keys, 'bob@example.com'));
});

test('the hash depends on the secret: a list of addresses alone does not reveal it', () => {
  const others = createKeyRing([Buffer.alloc(32, 'old secret ')]);
  expect(keyedHash(keys, 'ada@example.com')).not.toEqual(keyedHash(others, 'ada@example.com'));
  expect(keyedHash(keys, 'ada@example.com')).not.toEqual(createHash('sha256').update('ada@example.com').digest());
});
