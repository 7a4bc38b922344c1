/** Which supported language serves a reader (mail/locales.ts): the lookup of RFC 4647 3.4. */
import { expect, test } from 'vitest';
import { mailLocales, matchMailLocale } from '../../src/mail/locales.ts';

test.each([
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE-ch-1996', 'de'],
  ['de-Latn-DE-x-private', 'de'],
  ['deu', 'de'],
  ['en', 'en'],
  ['en-GB', 'en'],
  ['en-u-hc-h12', 'en'],
])('%s is served by %s', (tag, locale) => {
  expect(matchMailLocale(tag)).toBe(locale);
});

test.each(['fr', 'nl-DE', 'x-de', 'i-klingon', 'und', 'zxx-de'])('%s is an unsupported language', (tag) => {
  expect(matchMailLocale(tag)).toBeNull();
});

test.each(['', ' ', 'de_DE', 'de-', '-de', 'de\r\nBcc: x', 'd', 'deutsch-isch-lang', '*', '💡', 'de-AT;q=0.9'])(
  '%j is not a language tag',
  (tag) => {
    expect(matchMailLocale(tag)).toBeNull();
  },
);

test('every supported locale is a canonical tag that serves itself', () => {
  for (const locale of mailLocales) {
    expect(Intl.getCanonicalLocales(locale)).toEqual([locale]);
    expect(matchMailLocale(locale)).toBe(locale);
  }
});
