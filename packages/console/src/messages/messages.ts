/** The language of the console: the first of the browser that has texts, otherwise English. */
import { createContext, useContext } from 'react';
import { de } from './de.ts';
import { en, type Messages } from './en.ts';

export type { Messages };
export type Locale = keyof typeof languages;

const languages = { en, de } satisfies Record<string, Messages>;

/** @param wanted language tags, the preferred one first: `navigator.languages` */
export function localeIn(wanted: readonly string[]): Locale {
  const found = wanted.map((tag) => tag.toLowerCase().split('-')[0]).find((tag) => tag === 'en' || tag === 'de');
  return found === 'de' ? 'de' : 'en';
}

export const LocaleContext = createContext<Locale>('en');

export function useLocale(): Locale {
  return useContext(LocaleContext);
}

export function useMessages(): Messages {
  return languages[useLocale()];
}
