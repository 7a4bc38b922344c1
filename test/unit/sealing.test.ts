/** Sealed values (security/keys/sealing.ts): they open with an accepted key, in their own row and unchanged only. */
import { expect, test } from 'vitest';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';
import { createSealer, UnsealError } from '../../src/security/keys/sealing.ts';

const newest = Buffer.alloc(32, 'new secret ');
const previous = Buffer.alloc(32, 'old secret ');
const sealer = createSealer(createKeyRing([newest]));
const plain = Buffer.from('JBSWY3DPEHPK3PXP');

test('a sealed value opens', () => {
  expect(sealer.unseal(sealer.seal(plain, 'user:1'), 'user:1')).toEqual(plain);
});

test('an empty value opens', () => {
  const empty = Buffer.alloc(0);
  expect(sealer.unseal(sealer.seal(empty, 'user:1'), 'user:1')).toEqual(empty);
});

test('a Uint8Array of a database column opens', () => {
  expect(sealer.unseal(Uint8Array.from(sealer.seal(plain, 'user:1')), 'user:1')).toEqual(plain);
});

test('the sealed value does not contain the plain one', () => {
  expect(sealer.seal(plain, 'user:1').includes(plain)).toBe(false);
});

test('the same value sealed twice differs from the nonce on', () => {
  const [one, two] = [sealer.seal(plain, 'user:1'), sealer.seal(plain, 'user:1')];
  expect(one.subarray(0, 12)).not.toEqual(two.subarray(0, 12));
  expect(one.subarray(28)).not.toEqual(two.subarray(28));
});

test.each(['user:2', 'user:1 ', 'User:1', ''])('a value moved to the row %j does not open', (row) => {
  expect(() => sealer.unseal(sealer.seal(plain, 'user:1'), row)).toThrow(UnsealError);
});

test('a change of any byte of nonce, tag or body prevents opening', () => {
  const sealed = sealer.seal(plain, 'user:1');
  for (const index of sealed.keys()) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(sealed.readUInt8(index) ^ 1, index);
    expect(() => sealer.unseal(changed, 'user:1'), `byte ${index}`).toThrow(UnsealError);
  }
});

test('a value truncated at any place does not open', () => {
  const sealed = sealer.seal(plain, 'user:1');
  for (const length of sealed.keys()) {
    expect(() => sealer.unseal(sealed.subarray(0, length), 'user:1'), `${length} bytes`).toThrow(UnsealError);
  }
});

test('a value with a suffix does not open', () => {
  expect(() => sealer.unseal(Buffer.concat([sealer.seal(plain, 'user:1'), Buffer.alloc(1)]), 'user:1')).toThrow(
    UnsealError,
  );
});

test('while the secret rotates, a value sealed with the previous one opens', () => {
  const before = createSealer(createKeyRing([previous])).seal(plain, 'user:1');
  expect(createSealer(createKeyRing([newest, previous])).unseal(before, 'user:1')).toEqual(plain);
});

test('while the secret rotates, sealing uses the new one', () => {
  const sealed = createSealer(createKeyRing([newest, previous])).seal(plain, 'user:1');
  expect(sealer.unseal(sealed, 'user:1')).toEqual(plain);
});

test('a value sealed with a removed secret throws an error that names the settings and not the value', () => {
  const sealed = createSealer(createKeyRing([previous])).seal(plain, 'user:1');
  const open = () => sealer.unseal(sealed, 'user:1');
  expect(open).toThrow(UnsealError);
  expect(open).toThrow(/SECRET.*SECRET_PREVIOUS/);
  expect(open).not.toThrow(sealed.toString('hex'));
});
