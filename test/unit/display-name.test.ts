/**
 * Display names (domain/text/display-name.ts): up to a hundred visible characters, without characters that hide or
 * disguise text.
 */
import { describe, expect, test } from 'vitest';
import { displayNameProblems, normaliseDisplayName } from '../../src/domain/text/display-name.ts';

/** How a name is stored. */
function normalise(text: string | null | undefined) {
  const name = normaliseDisplayName(text);
  return { name, codes: displayNameProblems(name, 'input.displayName').map(({ code }) => code) };
}

test.each([null, undefined, '', '   ', '\t\n', '\u00a0'])('%j is not a name', (text) => {
  expect(normalise(text)).toEqual({ name: null, codes: [] });
});

test.each([
  ['Ada', 'Ada'],
  ['  Ada Lovelace \n', 'Ada Lovelace'],
  ['Rene\u0301', 'Ren\u00e9'],
  ["O'Hara-Smith, Jr.", "O'Hara-Smith, Jr."],
  ['张伟', '张伟'],
  ['محمد', 'محمد'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['<b>Ada</b>', '<b>Ada</b>'],
])('%j is the name %j', (text, name) => {
  expect(normalise(text)).toEqual({ name, codes: [] });
});

describe('length', () => {
  test.each(['a', 'é', '🦊'])('100 times %s are accepted and 101 are too long', (character) => {
    expect(normalise(character.repeat(100)).codes).toEqual([]);
    expect(normalise(character.repeat(101)).codes).toEqual(['TOO_LONG']);
  });

  test('a letter and its accent are one character, however they were typed', () => {
    expect(normalise('e\u0301'.repeat(100)).codes).toEqual([]);
  });

  test('white space around the name is removed', () => {
    expect(normalise(` ${'a'.repeat(100)} `).codes).toEqual([]);
  });
});

test.each([
  ['a line break', 'Ada\r\nBcc: eve@example.com'],
  ['a line feed', 'Ada\nLovelace'],
  ['NUL', 'Ada\u0000'],
  ['an escape sequence', 'Ada\u001b[31m'],
  ['a C1 control character', 'Ada\u0085x'],
  ['a direction override', 'Ada\u202egnp.exe'],
  ['a direction embedding', 'Ada\u202ax'],
  ['a direction isolate', 'Ada\u2067x\u2069'],
  ['half a surrogate pair', 'Ada\ud83d'],
  ['a line separator', 'Ada\u2028Lovelace'],
  ['a paragraph separator', 'Ada\u2029Lovelace'],
])('a name with %s is refused', (_what, text) => {
  expect(normalise(text).codes).toEqual(['INVALID_CHARACTERS']);
});

test.each([
  ['zero-width spaces', '\u200b\u200b'],
  ['word joiners', '\u2060'],
  ['soft hyphens', '\u00ad'],
  ['a Hangul filler', '\u3164'],
  ['a half-width Hangul filler', '\uffa0'],
  ['Hangul jamo fillers', '\u115f\u1160'],
  ['an empty Braille cell', '\u2800'],
  ['a variation selector', '\ufe0f'],
  ['a combining mark', '\u0301'],
  ['marks and white space', '\u0301 \u0302'],
  ['a null notehead', '\u{1d159}'],
  ['a blank hieroglyph', '\u{13441}'],
  ['tag characters', '\u{e0061}\u{e0062}'],
  ['unassigned characters', '\u0378'],
  ['private characters', '\ue000'],
])('a name of %s alone is invisible, so it is empty or refused', (_what, text) => {
  const { name, codes } = normalise(text);
  expect(name === null || codes.includes('INVALID_CHARACTERS')).toBe(true);
});

test.each([
  ['a mark in front', '\u0301Ada'],
  ['a mark after a blank', 'Ada \u0489\u0301'],
  ['a Hangul filler', 'Ada\u3164'],
  ['an empty Braille cell', 'Ada\u2800Lovelace'],
])('a name with %s, which hides or spills over, is refused', (_what, text) => {
  expect(normalise(text).codes).toEqual(['INVALID_CHARACTERS']);
});

test.each(['आदित्य', 'नमिता शर्मा', 'สมชาย', 'ཨོཾ', 'Ngũgĩ', '❤️ Ada', '1️⃣', 'می\u200cخواهم', 'Ada 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '★', '·', 'R2-D2'])(
  'the name %j is accepted',
  (text) => {
    expect(normalise(text).codes).toEqual([]);
  },
);

test('overlong text is refused before it is normalised', () => {
  const begun = performance.now();
  expect(normalise('\u0345\u0362\u035f\u035d\u0301\u0323\u0327\u0316'.repeat(5900)).codes).toEqual(['TOO_LONG']);
  expect(performance.now() - begun).toBeLessThan(100);
});

test('the problem has the given path, and does not contain the name', () => {
  const [problem] = displayNameProblems('secret\u0000name', 'input.deviceName');
  expect(problem?.path).toBe('input.deviceName');
  expect(problem?.message).not.toContain('secret');
});
