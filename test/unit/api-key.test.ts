/** API keys as texts: their form, their checksum, and the comparison of their secrets. */
import { expect, test } from 'vitest';
import {
  apiKeysIn,
  hasApiKeyForm,
  hashSecret,
  matchesSecretHash,
  mintApiKey,
  readApiKey,
  renewApiKey,
} from '../../src/security/api-key.ts';
import { createKeyRing } from '../../src/security/keys/key-ring.ts';

const keys = createKeyRing([Buffer.alloc(32, 1)]);

test('a minted key has the form of the contract and reads as its parts', () => {
  const { key, ...parts } = mintApiKey('pat');
  expect(key).toMatch(/^pst_pat_[0-9A-Za-z]{16}_[\w-]{43}[0-9A-Za-z]{6}$/);
  expect(readApiKey(key)).toEqual(parts);
});

test('the checksum is the CRC-32 of everything before it', () => {
  const body = `pst_svc_${'0'.repeat(16)}_${'A'.repeat(43)}`;
  expect(readApiKey(`${body}${crcInBase62(body)}`)).toMatchObject({ kind: 'svc', lookup: '0'.repeat(16) });
});

test.each([
  [
    'one character of the secret differs',
    (key: string) => key.replace(/.(?=.{6}$)/, (letter) => (letter === 'a' ? 'b' : 'a')),
  ],
  [
    'one character of the checksum differs',
    (key: string) => key.replace(/.$/, (letter) => (letter === 'a' ? 'b' : 'a')),
  ],
  [
    'one character of the id differs',
    (key: string) => key.replace(/(?<=^pst_pat_)./, (letter) => (letter === 'a' ? 'b' : 'a')),
  ],
  ['the kind differs', (key: string) => key.replace('pat', 'svc')],
  ['the kind is unknown', (key: string) => key.replace('pat', 'adm')],
  ['it is longer', (key: string) => `${key}0`],
  ['a line break follows', (key: string) => `${key}\n`],
  ['it is much longer', (key: string) => key.repeat(20)],
  ['it is empty', () => ''],
])('a text is no key when %s', (_case, change) => {
  expect(readApiKey(change(mintApiKey('pat').key))).toBeNull();
});

test('the form of a key is found within an address, with whatever checksum', () => {
  const { key } = mintApiKey('pat');
  expect(hasApiKeyForm(`/graphql?key=${key}&x=1`)).toBe(true);
  expect(hasApiKeyForm(`/${key.slice(0, -6)}000000`)).toBe(true);
  expect(hasApiKeyForm('/graphql?name=pst_pat_1')).toBe(false);
});

test('keys are read out of a text, without those of a wrong checksum', () => {
  const [first, second] = [mintApiKey('pat'), mintApiKey('svc')];
  const text = `/${first.key}?a=${first.key.slice(0, -6)}000000&b=${second.key}`;
  expect(apiKeysIn(text).map(({ secret }) => secret)).toEqual([first.secret, second.secret]);
  expect(apiKeysIn('/graphql')).toEqual([]);
});

test('a renewed key keeps its id and has another secret', () => {
  const { key, lookup, secret } = mintApiKey('svc');
  const renewed = renewApiKey('svc', lookup);
  expect(readApiKey(renewed.key)).toEqual({ kind: 'svc', lookup, secret: renewed.secret });
  expect([renewed.key, renewed.secret]).not.toContain(key);
  expect(renewed.secret).not.toBe(secret);
});

test('a secret matches its own hash only, also under the previous SECRET', () => {
  const { secret } = mintApiKey('pat');
  const hash = hashSecret(keys, 'api-key', secret);
  expect(matchesSecretHash(keys, 'api-key', secret, [hash])).toBe(true);
  expect(matchesSecretHash(keys, 'api-key', secret, [Buffer.alloc(32), hash])).toBe(true);
  expect(matchesSecretHash(keys, 'api-key', mintApiKey('pat').secret, [hash])).toBe(false);
  expect(matchesSecretHash(keys, 'api-key', secret, [])).toBe(false);
  expect(matchesSecretHash(keys, 'client-secret', secret, [hash])).toBe(false);
  const rotated = createKeyRing([Buffer.alloc(32, 2), Buffer.alloc(32, 1)]);
  expect(matchesSecretHash(rotated, 'api-key', secret, [hash])).toBe(true);
});

/** The same by the definition of CRC-32 (ISO 3309), bit by bit. */
function crcInBase62(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  let digits = '';
  for (let place = 0; place < 6; place += 1) {
    digits = `${'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'[rest % 62]}${digits}`;
    rest = Math.floor(rest / 62);
  }
  return digits;
}
