/** Pure functions measure text before they normalise it, which is quadratic in runs of combining marks. */
import { describe, expect, test } from 'vitest';
import { passwordPolicies, passwordProblems } from '../../src/domain/passwords/policy.ts';
import { displayNameProblems, normaliseDisplayName } from '../../src/domain/text/display-name.ts';
import { normaliseEmail } from '../../src/domain/text/email-address.ts';
import { localeProblems } from '../../src/domain/text/locale.ts';
import { normaliseReason, reasonProblems } from '../../src/domain/text/reason.ts';
import { normaliseWithin } from '../../src/security/bounded-text.ts';
import { PasswordHasher } from '../../src/security/passwords/password-hash.ts';
import { combiningMarks } from '../support/leaks/combining-marks.ts';

const marks = combiningMarks();
/** The time to normalise all of it on this machine: one to four seconds. */
const normalisingMs = timeOf(() => marks.normalize('NFC'));

function timeOf(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

async function isQuick<T>(work: () => T | Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  expect(performance.now() - startedAt).toBeLessThan(normalisingMs / 2);
  return result;
}

const codes = (problems: readonly { code: string }[]) => problems.map(({ code }) => code);

describe('95 kB of combining marks', () => {
  test('are not an e-mail address, at any position in it', async () => {
    expect(await isQuick(() => normaliseEmail(`a${marks}@example.com`))).toBeNull();
    expect(await isQuick(() => normaliseEmail(`ada@a${marks}.example`))).toBeNull();
  });

  test('are too long for a name', async () => {
    const problems = await isQuick(() => displayNameProblems(normaliseDisplayName(`a${marks}`), 'input.name'));
    expect(codes(problems)).toEqual(['TOO_LONG']);
  });

  test('are too long for a reason', async () => {
    expect(codes(await isQuick(() => reasonProblems(normaliseReason(`a${marks}`))))).toEqual(['TOO_LONG']);
  });

  test('are too long for a password, under every preset', async () => {
    const context = { email: 'ada@example.com', displayName: null, productName: 'Postern' };
    for (const policy of Object.values(passwordPolicies)) {
      const problems = await isQuick(() => passwordProblems(policy, `Aa1!${marks}`, context, 'input.password'));
      expect(codes(problems)).toEqual(['TOO_LONG']);
    }
  });

  test('are no locale', async () => {
    expect(await isQuick(() => localeProblems(`en${marks}`, 'input.locale'))).toHaveLength(1);
  });

  test('match no password, and cost one hash', async () => {
    const hasher = new PasswordHasher({ memoryKib: 7168, passes: 1 });
    const stored = await hasher.hash('Wander 7 lanterns');
    expect(await isQuick(() => hasher.verify([stored], `Wander 7 lanterns${marks}`))).toBe(-1);
  });
});

test('text of the maximum length is normalised, and text one unit longer is returned as it is', () => {
  const decomposed = 'e\u0301'.repeat(5);
  expect(normaliseWithin(decomposed, 'NFC', 10)).toBe('\u00e9'.repeat(5));
  expect(normaliseWithin(decomposed, 'NFC', 9)).toBe(decomposed);
});
