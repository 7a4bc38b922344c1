/**
 * Common passwords (security/passwords/common-passwords.ts): recognised in any case and with the usual substitutions.
 */
import { randomInt } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import { expect, test } from 'vitest';
import { isCommonPassword, undoSubstitutions } from '../../src/security/passwords/common-passwords.ts';

test.each([
  'password',
  'PASSWORD',
  'PaSsWoRd',
  'P@ssw0rd',
  'P@$$w0rd',
  'p4$$w0rd',
  'Password1',
  'Password1!',
  'passw0rd!',
  '12345678',
  'qwertyuiop',
  'ILoveYou',
  'l3tm31n',
  'letmein',
  'ＰＡＳＳＷＯＲＤ',
])('%s is common', (password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each([
  'lemur-Quartz-71',
  'correct horse battery staple',
  'Vj7#kkqz-Ploem',
  'пароль-с-ветром-42',
  '',
  'password of my grandmother',
])('%j is not common', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});

test.each([
  ['digits behind a word', 'Dragon4829'],
  ['digits before a word', '2048monkey'],
  ['a year and a mark', 'Summer2026!'],
  ['a date', 'sunshine25121985'],
  ['marks between the letters', 'p-a-s-s-w-o-r-d'],
  ['the same mark many times', 'Welcome!!!!!!!!'],
  ['a keyboard with the shift key held', '1qaz@WSX'],
  ['two rows of a keyboard', 'qwertyuiopasdfgh'],
  ['a keyboard row backwards', 'poiuytrewqlkjhgf'],
  ['an endless sequence of digits', '123456789012345678'],
  ['one character', '\u2605'.repeat(16)],
  ['a word twice', 'P@ssw0rdP@ssw0rd'],
  ['a word and a sequence', 'superman12345678'],
])('a listed word is recognised under %s', (_what, password) => {
  expect(isCommonPassword(password)).toBe(true);
});

test.each([
  'wander 7 lanterns',
  'lemurquartzoxen',
  'tenor9wallop',
  'blueRiver77kayak',
  'Zq7!plover-V',
  'The cat sat on 2 mats!',
  'grandma bakes rye bread',
  'apple pear plum fig',
  'monkey business at nine',
  'summer evenings in Graz',
  'dragonfly pond 12 frogs',
  'Ein Haus am See 1974',
  'Tr0ub4dor&3xyz',
  'correct horse battery staples are fun',
])('the passphrase %j is accepted, though it contains common words', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});

test('of generated passwords fewer than one in two hundred is refused', () => {
  const characters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!@#$%^&*-_';
  const generate = (length: number) =>
    Array.from({ length }, () => characters[randomInt(characters.length)] ?? '').join('');
  const passwords = [8, 10, 12, 16, 20].flatMap((length) => Array.from({ length: 500 }, () => generate(length)));
  expect(passwords.filter(isCommonPassword).length).toBeLessThan(passwords.length / 200);
});

test.each(['x', 'ab', 'qwertyuiop', 'a1990', '\ufdfa', '19', '\u0301'])('128 times %j is checked quickly', (text) => {
  const begun = performance.now();
  isCommonPassword(text.repeat(128).slice(0, 128));
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('the list has at least ten thousand entries, and each of them is common', () => {
  const list = dictionary['passwords-common'];
  expect(list.length).toBeGreaterThan(10_000);
  expect(list.filter((password) => !isCommonPassword(password))).toEqual([]);
});

test('substitutions are undone on both sides, so that 1 stands for i and for l', () => {
  expect(undoSubstitutions('p@$$w0rd')).toBe('password');
  expect(undoSubstitutions('1')).toBe(undoSubstitutions('l'));
  expect(undoSubstitutions('1')).toBe(undoSubstitutions('i'));
});
