/** Keyed address hashes (security/address-hash.ts): addresses can be told apart, and not guessed without the key. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashAddress } from '../../src/security/address-hash.ts';
import { createKeyRing } from '../../src/security/key-ring.ts';

const keys = createKeyRing([Buffer.alloc(32, 'new secret ')]);

test('an address has one hash, and another address another', () => {
  expect(hashAddress(keys, 'ada@example.com')).toEqual(hashAddress(keys, 'ada@example.com'));
  expect(hashAddress(keys, 'ada@example.com')).not.toEqual(hashAddress(keys, 'bob@example.com'));
});

test('the hash depends on the secret: a list of addresses alone does not undo it', () => {
  const others = createKeyRing([Buffer.alloc(32, 'old secret ')]);
  expect(hashAddress(keys, 'ada@example.com')).not.toEqual(hashAddress(others, 'ada@example.com'));
  expect(hashAddress(keys, 'ada@example.com')).not.toEqual(createHash('sha256').update('ada@example.com').digest());
});
