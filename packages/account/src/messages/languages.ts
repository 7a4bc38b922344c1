/** The language of the pages: the chosen one, otherwise the first of the browser that has texts. German loads when it is needed. */
import type { Messages as FormMessages } from '@postern/react';
import { createContext, useContext } from 'react';
import { en, type Messages } from './en.tsx';

export type LanguageName = 'en' | 'de';

export interface PageLanguage {
  name: LanguageName;
  /** The tag for dates and numbers, for example `en-GB`. */
  locale: string;
  texts: Messages;
  /** Undefined: the English texts, which come with the forms. */
  forms: FormMessages | undefined;
}

const key = 'postern.language';

export function preferredLanguage(): LanguageName {
  const wanted = [window.localStorage.getItem(key) ?? '', ...navigator.languages];
  const known = wanted.map(nameOf).find((name) => name !== null);
  return known ?? 'en';
}

export function rememberLanguage(name: LanguageName): void {
  window.localStorage.setItem(key, name);
}

export async function loadLanguage(name: LanguageName): Promise<PageLanguage> {
  const locale = navigator.languages.find((tag) => nameOf(tag) === name) ?? name;
  if (name === 'en') return { name, locale, texts: en, forms: undefined };
  const { forms, texts } = await import('./german.ts');
  return { name, locale, texts, forms };
}

function nameOf(tag: string): LanguageName | null {
  const [name] = tag.toLowerCase().split('-');
  return name === 'en' || name === 'de' ? name : null;
}

interface LanguageState extends PageLanguage {
  switchTo: (name: LanguageName) => void;
}

export const PageLanguageContext = createContext<LanguageState | null>(null);

export function usePageLanguage(): LanguageState {
  const language = useContext(PageLanguageContext);
  if (language === null) throw new Error('Use this inside <App>.');
  return language;
}

export function useTexts(): Messages {
  return usePageLanguage().texts;
}
