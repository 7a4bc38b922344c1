/** Common passwords (security/common-passwords.ts): known in any case and under the usual disguises. */
import { dictionary } from '@zxcvbn-ts/language-common';
import { expect, test } from 'vitest';
import { isCommonPassword, undoSubstitutions } from '../../src/security/common-passwords.ts';

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
])('%j is not', (password) => {
  expect(isCommonPassword(password)).toBe(false);
});

test('the list has at least ten thousand entries, and each of them is common', () => {
  const list = dictionary['passwords-common'];
  expect(list.length).toBeGreaterThan(10_000);
  expect(list.filter((password) => !isCommonPassword(password))).toEqual([]);
});

test('substitutions are undone on both sides alike, so that 1 stands for i and for l', () => {
  expect(undoSubstitutions('p@$$w0rd')).toBe('password');
  expect(undoSubstitutions('1')).toBe(undoSubstitutions('l'));
  expect(undoSubstitutions('1')).toBe(undoSubstitutions('i'));
});
