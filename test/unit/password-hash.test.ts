/**
 * Password hashes (security/passwords/password-hash.ts): the right candidate is found, and every result costs one hash.
 */
import argon2 from 'argon2';
import bcrypt from 'bcrypt';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { foreignHashReader } from '../../src/security/foreign-hashes/readers.ts';
import { HashGateFull } from '../../src/security/passwords/hash-gate.ts';
import { PasswordHasher } from '../../src/security/passwords/password-hash.ts';

/** The minimum of argon2: these tests are about results, not about time. */
const parameters = { memoryKib: 1024, passes: 2 };
const hasher = new PasswordHasher(parameters, 2);

afterEach(() => {
  vi.restoreAllMocks();
});

/** The encoded hash with its parameters in this order. */
function reordered(encoded: string, order: readonly string[]): string {
  const [, type, version, list = '', salt, digest] = encoded.split('$');
  const pairs = list.split(',').toSorted((a, b) => order.indexOf(a.slice(0, 1)) - order.indexOf(b.slice(0, 1)));
  return ['', type, version, pairs.join(','), salt, digest].join('$');
}

describe('hashing', () => {
  test('returns Argon2id with the given parameters, and argon2 itself agrees', async () => {
    const encoded = await hasher.hash('lemur-Quartz-71');
    expect(encoded).toMatch(/^\$argon2id\$v=19\$/);
    for (const parameter of ['m=1024', 't=2', 'p=1']) expect(encoded.split('$').at(3)?.split(',')).toContain(parameter);
    expect(await argon2.verify(encoded, 'lemur-Quartz-71')).toBe(true);
    expect(await argon2.verify(encoded, 'lemur-Quartz-72')).toBe(false);
  });

  test('the same password hashed twice has two salts', async () => {
    expect(await hasher.hash('lemur-Quartz-71')).not.toBe(await hasher.hash('lemur-Quartz-71'));
  });

  test('a hash made for comparison has the salt and the parameters of the other', async () => {
    const old = await new PasswordHasher({ memoryKib: 2048, passes: 3 }, 1).hash('first password');
    const like = await hasher.hash('second password', old);
    expect(like.split('$').slice(0, 5)).toEqual(old.split('$').slice(0, 5));
    expect(like).not.toBe(old);
  });

  test('a hash made for a malformed one is an ordinary hash', async () => {
    const encoded = await hasher.hash('lemur-Quartz-71', 'not a hash');
    expect(await hasher.verify([encoded], 'lemur-Quartz-71')).toBe(0);
    expect(hasher.isOutdated(encoded)).toBe(false);
  });

  test('the whole password counts, up to the last of 128 characters', async () => {
    const long = `${'x'.repeat(127)}y`;
    const encoded = await hasher.hash(long);
    expect(await hasher.verify([encoded], long)).toBe(0);
    expect(await hasher.verify([encoded], `${'x'.repeat(127)}z`)).toBe(-1);
    expect(await hasher.verify([encoded], 'x'.repeat(127))).toBe(-1);
  });

  test('a NUL character does not end the password', async () => {
    const encoded = await hasher.hash('lemur\u0000Quartz');
    expect(await hasher.verify([encoded], 'lemur\u0000Other')).toBe(-1);
  });
});

describe('verifying', () => {
  test('the correct candidate of several with one salt is found with one computation', async () => {
    const first = await hasher.hash('first password');
    const candidates = [first, await hasher.hash('second password', first), await hasher.hash('third password', first)];
    const hash = vi.spyOn(argon2, 'hash');
    expect(await hasher.verify(candidates, 'first password')).toBe(0);
    expect(await hasher.verify(candidates, 'second password')).toBe(1);
    expect(await hasher.verify(candidates, 'third password')).toBe(2);
    expect(await hasher.verify(candidates, 'fourth password')).toBe(-1);
    expect(hash).toHaveBeenCalledTimes(4);
  });

  test('a candidate with another salt is not considered', async () => {
    const candidates = [await hasher.hash('first password'), await hasher.hash('second password')];
    expect(await hasher.verify(candidates, 'second password')).toBe(-1);
  });

  test('a malformed candidate among valid ones is skipped', async () => {
    const first = await hasher.hash('first password');
    const second = await hasher.hash('second password', first);
    expect(await hasher.verify([first, 'not a hash', second], 'second password')).toBe(2);
  });

  test('a candidate with the correct digest under other parameters is not a match', async () => {
    const first = await hasher.hash('first password');
    const second = await hasher.hash('second password', first);
    expect(await hasher.verify([first, second.replace('t=2', 't=3')], 'second password')).toBe(-1);
    expect(await hasher.verify([second.replace('t=2', 't=3')], 'second password')).toBe(-1);
  });

  test('composed and decomposed spellings are one password (NFKC)', async () => {
    const encoded = await hasher.hash('cafe\u0301 ﬁve Ⅸ');
    expect(await hasher.verify([encoded], 'caf\u00e9 five IX')).toBe(0);
    expect(await hasher.verify([encoded], 'cafe five IX')).toBe(-1);
  });

  test('letter case and white space count', async () => {
    const encoded = await hasher.hash('lemur Quartz');
    for (const other of ['Lemur Quartz', 'lemur Quartz ', ' lemur Quartz', 'lemurQuartz']) {
      expect(await hasher.verify([encoded], other), other).toBe(-1);
    }
  });

  test.each([
    ['m', 't', 'p'],
    ['m', 'p', 't'],
    ['t', 'm', 'p'],
    ['p', 't', 'm'],
  ])('parameters in the order %s, %s, %s are accepted', async (...order) => {
    const encoded = reordered(await hasher.hash('lemur-Quartz-71'), order);
    expect(encoded).toMatch(new RegExp(`\\$${order.map((name) => `${name}=\\d+`).join(',')}\\$`));
    expect(await hasher.verify([encoded], 'lemur-Quartz-71')).toBe(0);
    expect(await hasher.verify([encoded], 'lemur-Quartz-72')).toBe(-1);
    expect(hasher.isOutdated(encoded)).toBe(false);
  });

  const salt = 'YWFhYWFhYWFhYWFhYWFhYQ';
  const digest = 'c29tZSBkaWdlc3Qgb2YgdGhpcnR5LXR3byBieXRlcyE';
  const malformed: readonly [string, readonly string[]][] = [
    ['no candidate at all', []],
    ['an empty hash', ['']],
    ['a text that is no hash', ['not a hash']],
    ['a hash of another algorithm', [`$argon2i$v=19$m=1024,t=2,p=1$${salt}$${digest}`]],
    ['a bcrypt hash', ['$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy']],
    ['another version', [`$argon2id$v=16$m=1024,t=2,p=1$${salt}$${digest}`]],
    ['a hash without its salt', [`$argon2id$v=19$m=1024,t=2,p=1$${digest}`]],
    ['a hash without its passes', [`$argon2id$v=19$m=1024,p=1$${salt}$${digest}`]],
    ['a hash with something behind it', [`$argon2id$v=19$m=1024,t=2,p=1$${salt}$${digest}$x`]],
    ['a salt that argon2 does not take', [`$argon2id$v=19$m=1024,t=2,p=1$YQ$${digest}`]],
    ['no passes', [`$argon2id$v=19$m=1024,t=0,p=1$${salt}$${digest}`]],
    ['less memory than argon2 takes', [`$argon2id$v=19$m=1,t=2,p=1$${salt}$${digest}`]],
    ['more memory than there is', [`$argon2id$v=19$m=99999999999999,t=2,p=1$${salt}$${digest}`]],
    ['no lanes', [`$argon2id$v=19$m=1024,t=2,p=0$${salt}$${digest}`]],
  ];
  test.each(malformed)(
    '%s matches nothing and costs one hash with the current parameters',
    async (_what, candidates) => {
      const hash = vi.spyOn(argon2, 'hash');
      expect(await hasher.verify(candidates, 'lemur-Quartz-71')).toBe(-1);
      // A computation that argon2 refuses costs nothing, so only completed hashes count.
      const completed = hash.mock.settledResults.flatMap(({ type }, call) =>
        type === 'fulfilled' ? [hash.mock.calls[call]?.[1]] : [],
      );
      expect(completed).toEqual([
        expect.objectContaining({ type: argon2.argon2id, memoryCost: 1024, timeCost: 2, parallelism: 1 }),
      ]);
    },
  );

  test('a truncated digest does not match', async () => {
    const encoded = await hasher.hash('lemur-Quartz-71');
    expect(await hasher.verify([encoded.slice(0, -8)], 'lemur-Quartz-71')).toBe(-1);
  });
});

describe('outdated hashes', () => {
  test('a hash with the current parameters is not outdated', async () => {
    expect(hasher.isOutdated(await hasher.hash('lemur-Quartz-71'))).toBe(false);
  });

  test.each([
    ['more memory', { memoryKib: 2048, passes: 2 }],
    ['less memory', { memoryKib: 1025, passes: 2 }],
    ['more passes', { memoryKib: 1024, passes: 3 }],
    ['fewer passes', { memoryKib: 1024, passes: 1 }],
  ])('other current parameters make a hash outdated: %s', async (_what, today) => {
    expect(new PasswordHasher(today, 1).isOutdated(await hasher.hash('lemur-Quartz-71'))).toBe(true);
  });

  test.each(['', 'not a hash'])('a value that is not a hash is outdated: %j', (text) => {
    expect(hasher.isOutdated(text)).toBe(true);
  });
});

test('beyond its width and its queue the hasher is full, and serves again afterwards', async () => {
  const narrow = new PasswordHasher({ memoryKib: 1024, passes: 1 }, 1);
  const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => narrow.hash('lemur-Quartz-71')));
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  expect(refused).toHaveLength(9);
  for (const reason of refused) expect(reason).toBeInstanceOf(HashGateFull);
  expect(await narrow.hash('lemur-Quartz-71')).toMatch(/^\$argon2id\$/);
});

describe('a hash of another system', () => {
  const withForeign = (cost: { memoryKib: number; passes: number }) =>
    new PasswordHasher(
      cost,
      2,
      undefined,
      foreignHashReader(() => null),
    );
  const timeOf = async (work: Promise<unknown>) => {
    const begun = performance.now();
    await work;
    return performance.now() - begun;
  };

  test('that is faster takes as long with a wrong password as an unknown account', async () => {
    const slow = withForeign({ memoryKib: 65_536, passes: 3 });
    const quick = await bcrypt.hash('lemur-Quartz-71', 4);
    const unknown = await timeOf(slow.verify([], 'wrong'));
    expect(await timeOf(slow.verify([quick], 'wrong'))).toBeGreaterThan(unknown / 2);
    expect(await slow.verify([quick], 'lemur-Quartz-71')).toBe(0);
  });

  test('that costs too much is not computed at a sign-in', async () => {
    const compare = vi.spyOn(bcrypt, 'compare');
    const argon = vi.spyOn(argon2, 'hash');
    const salt = 'AAECAwQFBgcICQoLDA0ODw';
    const bombs = [
      `$2b$31$${'a'.repeat(53)}`,
      `$argon2id$v=19$m=4194304,t=3,p=1$${salt}$${salt}${salt}`,
      `$argon2i$v=19$m=4194304,t=3,p=1$${salt}$${salt}${salt}`,
      `$scrypt$ln=22,r=8,p=1$${salt}$${salt}${salt}`,
      `$pbkdf2-sha512$i=100000000$${salt}$${salt}${salt}`,
    ];
    for (const bomb of bombs) expect(await withForeign(parameters).verify([bomb], 'lemur-Quartz-71')).toBe(-1);
    expect(compare).not.toHaveBeenCalled();
    // One usual hash each, as for an unknown account.
    expect(argon.mock.calls.map(([, options]) => options?.memoryCost)).toEqual(bombs.map(() => parameters.memoryKib));
  });
});
