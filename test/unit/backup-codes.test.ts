/** Backup codes (security/factors/backup-codes.ts): their form, and the variations that users type. */
import { describe, expect, test } from 'vitest';
import { canonicalBackupCode, newBackupCode } from '../../src/security/factors/backup-codes.ts';

describe('a backup code', () => {
  test('has ten letters and digits without ambiguous ones, and no two are equal', () => {
    const codes = Array.from({ length: 500 }, newBackupCode);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{5}-[0-9a-hjkmnp-tv-z]{5}$/);
    expect(new Set(codes).size).toBe(500);
    // The whole alphabet is used: fewer letters would be fewer bits.
    expect(new Set(codes.join('').replaceAll('-', '')).size).toBe(32);
  });

  test.each([
    '7k3m1-q90xd',
    '7K3M1-Q90XD',
    ' 7k3m1 q90xd ',
    '7k3m1q90xd',
    '7k3ml-q9oxd',
    '7K3MI-Q9OXD',
    '7k-3m1q9-0xd',
    '7k3m1\u2013q90xd',
    '7k3m1\u2014q90xd',
    '7k3m1\u2212q90xd',
    '\u200e7k3m1\u00a0q90xd\u200f',
    '7k3m1_q90xd.',
    '\uff17\uff2b\uff13\uff2d\uff11\uff0d\uff31\uff19\uff10\uff38\uff24',
  ])('is the same when it is typed as %j', (text) => {
    expect(canonicalBackupCode(text)).toBe('7k3m1q90xd');
  });

  test('of a million marks is rejected before it is normalised', () => {
    const start = performance.now();
    expect(canonicalBackupCode(`7k3m1q90xd${'\u0345\u0316'.repeat(500_000)}`)).toBe('');
    expect(performance.now() - start).toBeLessThan(100);
  });

  test('with another letter is another code', () => {
    expect(canonicalBackupCode('7k3m1-q90xe')).not.toBe(canonicalBackupCode('7k3m1-q90xd'));
  });
});
