/** The language of the console: the first of the browser that has texts, otherwise English. German loads when it is needed. */
import type { Messages as FormMessages } from '@postern/react';
import { createContext, useContext } from 'react';
import { en, type Messages } from './en.ts';

export type { Messages };

const languages: ReadonlySet<string> = new Set(['en', 'de']);

export interface ConsoleLanguage {
  /** A whole tag, for dates and numbers: `en-GB` and `en-US` differ in them. */
  locale: string;
  texts: Messages;
  /** Undefined: the English texts, which come with the forms. */
  forms: FormMessages | undefined;
}

/** @param wanted language tags, the preferred one first: `navigator.languages` */
export function localeIn(wanted: readonly string[]): string {
  return wanted.find((tag) => languages.has(languageOf(tag))) ?? 'en';
}

export function languageOf(locale: string): string {
  return locale.toLowerCase().split('-')[0] ?? '';
}

export async function loadLanguage(locale: string): Promise<ConsoleLanguage> {
  if (languageOf(locale) !== 'de') return { locale, texts: en, forms: undefined };
  return { locale, ...(await import('./german.ts')) };
}

export const LanguageContext = createContext<Pick<ConsoleLanguage, 'locale' | 'texts'>>({ locale: 'en', texts: en });

/** A language tag, such as `en-GB`. */
export function useLocale(): string {
  return useContext(LanguageContext).locale;
}

export function useMessages(): Messages {
  return useContext(LanguageContext).texts;
}
