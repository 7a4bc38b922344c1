/** The language of the console: the first of the browser that has texts, otherwise English. */
import { createContext, useContext } from 'react';
import { de } from './de.ts';
import { en, type Messages } from './en.ts';

export type { Messages };

const languages: ReadonlyMap<string, Messages> = new Map([
  ['en', en],
  ['de', de],
]);

/**
 * @param wanted language tags, the preferred one first: `navigator.languages`
 * @returns the whole tag, for dates and numbers: `en-GB` and `en-US` differ in them
 */
export function localeIn(wanted: readonly string[]): string {
  return wanted.find((tag) => languages.has(languageOf(tag))) ?? 'en';
}

export function languageOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? '';
}

export const LocaleContext = createContext('en');

/** A language tag, such as `en-GB`. */
export function useLocale(): string {
  return useContext(LocaleContext);
}

export function useMessages(): Messages {
  return languages.get(languageOf(useLocale())) ?? en;
}
