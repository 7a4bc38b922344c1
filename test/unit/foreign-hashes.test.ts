/** Password hashes of other systems: those of the real tools verify, and everything else is refused before it costs. */
import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import { describe, expect, test } from 'vitest';
import { firebaseId } from '../../src/security/foreign-hashes/firebase-scrypt.ts';
import { formatPhc } from '../../src/security/foreign-hashes/phc.ts';
import { algorithmOf, foreignHashReader } from '../../src/security/foreign-hashes/readers.ts';

const password = 'lemur-Quartz-71';
const read = foreignHashReader((sealed) =>
  sealed.subarray(0, 6).equals(Buffer.from('sealed')) ? sealed.subarray(6) : null,
);

async function expectMatch(encoded: string, right: string): Promise<void> {
  const hash = read(encoded);
  if (typeof hash === 'string') throw new Error(`refused: ${hash}`);
  expect(await hash.matches(right)).toBe(true);
  for (const wrong of ['', `${right}x`, right.slice(1), right.toUpperCase()])
    expect(await hash.matches(wrong)).toBe(false);
  // What is stored is read again.
  expect(read(hash.encoded)).toMatchObject({ encoded: hash.encoded });
}

/** Published at github.com/firebase/scrypt. */
const firebase = {
  signerKey: 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
  separator: 'Bw==',
  salt: '42xEC+ixf3L2lw==',
  hash: 'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==',
};

function firebaseHash(cost = { ln: 14, r: 8 }): string {
  const [signerKey, ss, salt, hash] = [firebase.signerKey, firebase.separator, firebase.salt, firebase.hash].map(
    (text) => Buffer.from(text, 'base64'),
  );
  if (!signerKey || !ss || !salt || !hash) throw new Error('incomplete');
  return formatPhc(firebaseId, { ...cost, ss, sk: Buffer.concat([Buffer.from('sealed'), signerKey]) }, salt, hash);
}

describe('a hash of the real tool verifies its password', () => {
  test.for([
    // htpasswd -nbB -C 10 (Apache 2.4.68)
    ['htpasswd', '$2y$10$FD3b0k0qyQevaprANE72ie8j5IZj/urGlY9kiUwcn3islxqP8Q3NG', password],
    // hashPassword of better-auth 1.7.17, in the form of cli/import-sources/better-auth.ts
    [
      'better-auth',
      `$scrypt$ln=14,r=16,p=1$${base64('a3d8b2a476c1be92fb890f0cfe8a9478')}$${base64('da281c9ff5e402ad935b4d49c15f6b7afab8015aaaa4d801b9ce6f21c7d0c735f0e66f1e6f81eae531f9b128ea2c72ca1a0fbd8acae1ee66bc745e9d0b057429', 'hex')}`,
      'correct horse ℌ battery',
    ],
    // hashlib of Python 3.11
    [
      'PBKDF2 with SHA-512',
      '$pbkdf2-sha512$i=210000$AAECAwQFBgcICQoLDA0ODw$kJGrqrl0Jg9nUDv980hr9eQGVNnWxTb3+TvxZPI4aRXWZt++g/8xFhLfbVUb99BV6krx1FHkv2E7YO7oPy7+1g',
      password,
    ],
    [
      'PBKDF2 with SHA-256',
      '$pbkdf2-sha256$i=27500$AAECAwQFBgcICQoLDA0ODw$aW3+M7HNZmv1jdZHWXpkNv29PnnX3VWalupXmM/tnJN1fWJLyp49Ki50uTWaiKLmetpK2d/24GCpyocG+BPfLg',
      password,
    ],
    ['scrypt', '$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$kO4Yfp9KChAACPJ1mYzkWexKKOMiVZzLa0vYyrVEfMM', password],
    ['Firebase', firebaseHash(), 'user1password'],
  ] as const)('%s', ([, encoded, right]) => expectMatch(encoded, right));

  test('bcrypt reads 72 bytes of a password, as the other system did', async () => {
    const long = 'a'.repeat(80);
    const hash = read(await bcrypt.hash(long, 4));
    if (typeof hash === 'string') throw new Error(hash);
    expect(await hash.matches('a'.repeat(72))).toBe(true);
    expect(await hash.matches('a'.repeat(71))).toBe(false);
  });
});

describe('a hash is refused that', () => {
  const salt = 'AAECAwQFBgcICQoLDA0ODw';
  const digest = 'kO4Yfp9KChAACPJ1mYzkWexKKOMiVZzLa0vYyrVEfMM';
  const bcryptRest = 'Xk9v6Wc0ldmXb1x5m9Wqy.'.padEnd(53, 'a');

  test.for([
    `$2b$31$${bcryptRest}`,
    `$2b$15$${bcryptRest}`,
    `$scrypt$ln=22,r=8,p=1$${salt}$${digest}`,
    `$scrypt$ln=14,r=4096,p=1$${salt}$${digest}`,
    `$scrypt$ln=4000000000,r=1,p=1$${salt}$${digest}`,
    `$scrypt$ln=14,r=8,p=64$${salt}$${digest}`,
    `$pbkdf2-sha512$i=100000000$${salt}$${digest}`,
    `$argon2id$v=19$m=4194304,t=3,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=65536,t=11,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=65536,t=3,p=9$${salt}$${digest}`,
    firebaseHash({ ln: 17, r: 8 }),
    firebaseHash({ ln: 14, r: 9 }),
  ])('costs too much: %s', (encoded) => expect(read(encoded)).toBe('HASH_TOO_EXPENSIVE'));

  test.for([
    createHash('md5').update(password).digest('hex'),
    createHash('sha1').update(password).digest('hex'),
    createHash('sha256').update(password).digest('hex').toUpperCase(),
    '$1$salt$qJH7.N4xYta3aEG/dfqo/0',
    '$6$rounds=5000$usesomesillystri$D4IrlXatmP7rx3P3InaxBeoomnAihCKRVQAr/36',
    '{SSHA}DkMTwBl+a/3DQTxCYEApdUtNXGgdUac3',
    'rEK1ecacw.7.c',
    '$P$9IQRaTwmfeRo7ud9Fh4E2PdI0S3r.L0',
    `$pbkdf2-sha256$i=999$${salt}$${digest}`,
  ])('is weak: %s', (encoded) => expect(read(encoded)).toBe('WEAK_HASH'));

  test.for([
    '',
    'hunter2',
    `$2b$10$${bcryptRest}\n`,
    `$2b$10$${bcryptRest}\0`,
    `$2x$10$${bcryptRest}`,
    `$2b$03$${bcryptRest}`,
    `$scrypt$ln=14,r=8$${salt}$${digest}`,
    `$scrypt$ln=14,r=8,p=1,x=1$${salt}$${digest}`,
    `$scrypt$ln=14,r=8,r=8$${salt}$${digest}`,
    `$scrypt$ln=014,r=8,p=1$${salt}$${digest}`,
    `$scrypt$ln=14,r=8,p=1$${salt}$`,
    `$scrypt$ln=14,r=8,p=1$$${digest}`,
    `$scrypt$ln=14,r=8,p=1$${salt}$AAAA`,
    `$scrypt$ln=14,r=8,p=1$${salt}=$${digest}`,
    `$scrypt$ln=14,r=8,p=1$${salt.replace('AAEC', '-_EC')}$${digest}`,
    `$scrypt$ln=14,r=8,p=1$${'A'.repeat(60_000)}$${digest}`,
    `$pbkdf2-md5$i=10000$${salt}$${digest}`,
    `$argon2d$v=19$m=65536,t=3,p=1$${salt}$${digest}`,
    `$argon2id$m=65536,t=3,p=1$${salt}$${digest}`,
    `$argon2id$v=19$m=65536,t=3,p=1,keyid=a$${salt}$${digest}`,
    `$argon2id$v=19$m=65536,t=3,p=1$${salt}$`,
  ])('is unknown: %s', (encoded) => expect(read(encoded)).toBe('UNKNOWN_HASH'));

  test('needs the key of a Firebase project that this installation cannot open', () => {
    const other = foreignHashReader(() => null);
    expect(other(firebaseHash())).toBe('HASH_CONFIG_MISSING');
  });
});

test('reports name the algorithm of a stored hash', () => {
  expect(['$2b$10$x', '$argon2id$v=19$x', '$scrypt$ln=14', '$pbkdf2-sha512$i=1'].map(algorithmOf)).toEqual([
    'bcrypt',
    'argon2id',
    'scrypt',
    'pbkdf2-sha512',
  ]);
});

function base64(text: string, encoding: BufferEncoding = 'utf8'): string {
  return Buffer.from(text, encoding).toString('base64').replace(/=+$/, '');
}
