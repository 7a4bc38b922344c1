/**
 * Language tags of callers (domain/text/locale.ts): the spellings of browsers and operating systems, up to 35
 * characters.
 */
import { expect, test } from 'vitest';
import { localeProblems, normaliseLocale } from '../../src/domain/text/locale.ts';

function normalise(text: string | null | undefined) {
  const locale = normaliseLocale(text);
  return { locale, codes: localeProblems(locale, 'input.locale').map(({ code }) => code) };
}

test.each([
  ['en', 'en'],
  ['en_US', 'en-US'],
  ['EN-us', 'en-US'],
  ['zh_hant_tw', 'zh-Hant-TW'],
  ['de_AT.UTF-8', 'de-AT'],
  ['ca_ES@valencia', 'ca-ES'],
  ['de-DE-u-co-phonebk', 'de-DE'],
  ['en-US-u-ca-gregory-hc-h12-nu-latn-x-very-long-private-part', 'en-US'],
  ['en-t-jp-m0-und', 'en'],
  ['sl-rozaj-biske-1994', 'sl-1994-biske-rozaj'],
  ['iw', 'he'],
])('%s is read as %s', (text, locale) => {
  expect(normalise(text)).toEqual({ locale, codes: [] });
});

test.each([null, undefined, ''])('%j is not a locale', (text) => {
  expect(normalise(text)).toEqual({ locale: null, codes: [] });
});

test.each([
  'not a language',
  '-',
  '_',
  'x',
  'e',
  'en-',
  'en--US',
  'en_US_',
  'de\u0000',
  'sl-Latn-IT-rozaj-biske-nedis-solba-1994',
  'en'.repeat(100),
  'e_'.repeat(50_000),
])('%j is refused', (text) => {
  expect(normalise(text).codes).toEqual(['INVALID']);
});
