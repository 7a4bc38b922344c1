/** The rules of passwords (domain/passwords/policy.ts): each preset and each reason, counted in visible characters. */
import { describe, expect, test } from 'vitest';
import {
  type PasswordContext,
  type PasswordPreset,
  passwordPolicies,
  passwordProblems,
} from '../../src/domain/passwords/policy.ts';
import { wellKnownPasswords } from '../support/people/well-known-passwords.ts';

const productName = 'Postern';
const ada: PasswordContext = { email: 'ada.lovelace@example.com', displayName: 'Ada Byron King', productName };
const anonymousContext: PasswordContext = { email: 'x@example.com', displayName: null, productName };

function codes(preset: PasswordPreset, password: string, context = anonymousContext): string[] {
  return passwordProblems(passwordPolicies[preset], password, context, 'input.password').map(({ code }) => code);
}

describe('classic', () => {
  test.each(['Lemur-71', 'Lemur 71', 'Wander 7 lanterns', 'Ünter-42', 'Größe№7x!', 'Ψαλμός-٣х'])(
    '%j is accepted',
    (password) => {
      expect(codes('classic', password)).toEqual([]);
    },
  );

  test.each([
    ['Lemu-71', ['TOO_SHORT']],
    ['lemur-71', ['MISSING_CLASSES']],
    ['LEMUR-71', ['MISSING_CLASSES']],
    ['Lemur-xy', ['MISSING_CLASSES']],
    ['Lemur071', ['MISSING_CLASSES']],
    ['lem', ['TOO_SHORT', 'MISSING_CLASSES']],
    ['', ['TOO_SHORT', 'MISSING_CLASSES']],
    ['P@ssw0rd', ['TOO_COMMON']],
    ['password', ['MISSING_CLASSES', 'TOO_COMMON']],
    ['Postern-71', ['CONTEXT_WORD']],
  ])('%j is refused: %j', (password, expected) => {
    expect(codes('classic', password)).toEqual(expected);
  });

  test('length does not replace a missing class', () => {
    expect(codes('classic', 'lemur quartz wander lanterns orchid')).toEqual(['MISSING_CLASSES']);
  });

  test('the message names exactly the missing classes', () => {
    const [problem] = passwordProblems(passwordPolicies.classic, 'LEMURQUARTZ', anonymousContext, 'input.password');
    expect(problem?.message).toBe('Add: a lower-case letter, a digit, a special character.');
  });
});

describe('passphrase', () => {
  test.each([
    ['12 characters of all classes', 'Lemur-71-Qua', []],
    ['11 characters', 'Lemur-71-Qu', ['TOO_SHORT']],
    ['12 characters without classes', 'lemurquartzo', ['MISSING_CLASSES']],
    ['19 characters without classes', 'lemur quartz wander', ['MISSING_CLASSES']],
    ['20 characters without classes', 'lemur quartz wanders', []],
  ])('%s', (_what, password, expected) => {
    expect(codes('passphrase', password)).toEqual(expected);
  });

  test('from 20 characters on, common and personal words are still refused', () => {
    expect(codes('passphrase', 'lovelace quartz wander lanterns', ada)).toEqual(['CONTEXT_WORD']);
  });
});

describe('nist', () => {
  test.each([
    ['15 characters of one class', 'lemurquartzoxen', []],
    ['14 characters of all classes', 'Lemur-71-Quart', ['TOO_SHORT']],
    ['white space only', ' '.repeat(15), []],
    ['letters of any alphabet', 'пурпурный фонарь', []],
  ])('%s', (_what, password, expected) => {
    expect(codes('nist', password)).toEqual(expected);
  });
});

describe.each(['classic', 'passphrase', 'nist'] as const)('%s: length', (preset) => {
  const start = 'Lemur-71 quartz wander ';
  const ofLength = (length: number, filler: string) => start + filler.repeat(length - start.length);

  test.each([64, 127, 128])('%i characters are accepted', (length) => {
    expect(codes(preset, ofLength(length, 'x'))).toEqual([]);
  });

  test.each([129, 1000])('%i characters are refused', (length) => {
    expect(codes(preset, ofLength(length, 'x'))).toEqual(['TOO_LONG']);
  });

  test('an emoji is one character despite two UTF-16 units: 128 are accepted and 129 refused', () => {
    expect(ofLength(128, '🦊').length).toBeGreaterThan(200);
    expect(codes(preset, ofLength(128, '🦊'))).toEqual([]);
    expect(codes(preset, ofLength(129, '🦊'))).toEqual(['TOO_LONG']);
  });

  test('an emoji counts as one character towards the minimum as well', () => {
    const { minLength } = passwordPolicies[preset];
    const short = `Lm-7${'🦊'.repeat(minLength - 5)}`;
    expect(short.length).toBeGreaterThanOrEqual(minLength);
    expect(codes(preset, short)).toEqual(['TOO_SHORT']);
    expect(codes(preset, `${short}🦊`)).toEqual([]);
  });

  test('a character that NFKC decomposes counts as the one character typed', () => {
    const { minLength } = passwordPolicies[preset];
    expect(codes(preset, '\ufdfa')).toContain('TOO_SHORT');
    expect(codes(preset, `Lm-7${'\ufdfa'.repeat(minLength - 5)}`)).toEqual(['TOO_SHORT']);
    expect(codes(preset, `Lm-7 quartz ${'\ufdfa'.repeat(12)}`)).toEqual([]);
  });

  test.each(['\u200b', '\u2060', '\u00ad', '\u3164', '\ufe0f', '\u{e0061}'])(
    '%j, which is invisible, does not count',
    (hidden) => {
      const { minLength } = passwordPolicies[preset];
      const short = `Lm-7${'\u{1f98a}'.repeat(minLength - 5)}`;
      expect(codes(preset, short + hidden.repeat(20))).toEqual(['TOO_SHORT']);
      expect(codes(preset, `Lemur71quartzWander${hidden}`)).toEqual(codes(preset, 'Lemur71quartzWander'));
    },
  );

  test('length is counted after NFKC: decomposition does not make eight letters of seven', () => {
    const { minLength } = passwordPolicies[preset];
    const short = `Lm-7${'e\u0301'.repeat(minLength - 5)}`;
    expect([...short].length).toBeGreaterThanOrEqual(minLength - 1);
    expect(codes(preset, short)).toEqual(['TOO_SHORT']);
    expect(codes(preset, `${short}e\u0301`)).toEqual([]);
  });
});

describe.each(['classic', 'passphrase', 'nist'] as const)('%s: the best-known passwords', (preset) => {
  const passwords = wellKnownPasswords[preset];

  test('are at least a hundred', () => {
    expect(new Set(passwords).size).toBeGreaterThanOrEqual(100);
  });

  test.each(passwords)('%j satisfies every other rule, and is refused as common', (password) => {
    expect(codes(preset, password)).toEqual(['TOO_COMMON']);
  });
});

test('overlong text is refused before any other check', () => {
  const begun = performance.now();
  expect(codes('classic', '\u0345\u0362\u035f\u035d\u0301\u0323\u0327\u0316'.repeat(5900))).toEqual(['TOO_LONG']);
  expect(performance.now() - begun).toBeLessThan(100);
});

describe('words that an attacker would try for this user', () => {
  test.each([
    'Postern-71-quartz',
    'xx-pOsTeRn-71-quartz',
    'ada.lovelace-71-Quartz',
    'Quartz-71-lovelace',
    'Quartz-71-LOVELACE',
    'Quartz-71-byron',
    'Quartz-71-King',
    'Quartz-71-ｂｙｒｏｎ',
  ])('%s is refused', (password) => {
    expect(codes('classic', password, ada)).toEqual(['CONTEXT_WORD']);
  });

  test('a word of three letters is not a context word, because it occurs by chance', () => {
    expect(codes('classic', 'Quartz-71-ada', ada)).toEqual([]);
  });

  test('words of other users are accepted', () => {
    expect(codes('classic', 'Quartz-71-lovelace', anonymousContext)).toEqual([]);
  });

  test.each(['', '   ', null])('without a name (%j) no word counts as the name', (displayName) => {
    expect(codes('classic', 'Quartz-71-lemur', { ...anonymousContext, displayName })).toEqual([]);
  });

  test('a name counts in either Unicode spelling', () => {
    const context = { ...anonymousContext, displayName: 'Zoe\u0308lle' };
    expect(codes('classic', 'Quartz-71-zoëlle', context)).toEqual(['CONTEXT_WORD']);
  });
});

describe('the problems for a form', () => {
  test('have the given path', () => {
    const problems = passwordProblems(passwordPolicies.classic, 'postern', ada, 'input.newPassword');
    expect(problems.length).toBeGreaterThan(1);
    expect(problems.map(({ path }) => path)).toEqual(problems.map(() => 'input.newPassword'));
  });

  test('are all reported at once', () => {
    const context = { ...anonymousContext, displayName: 'dragon' };
    expect(codes('passphrase', 'dragon', context)).toEqual([
      'TOO_SHORT',
      'MISSING_CLASSES',
      'TOO_COMMON',
      'CONTEXT_WORD',
    ]);
  });

  test.each(['lovelace', 'hunter2', 'x'.repeat(129)])('never contain the password %s', (password) => {
    const problems = passwordProblems(passwordPolicies.classic, password, ada, 'input.password');
    expect(problems.length).toBeGreaterThan(0);
    for (const { message } of problems) expect(message).not.toContain(password);
  });

  test.each(['classic', 'passphrase', 'nist'] as const)('the policy %s reports its own name', (preset) => {
    expect(passwordPolicies[preset].preset).toBe(preset);
    expect(passwordPolicies[preset].maxLength).toBe(128);
  });
});
