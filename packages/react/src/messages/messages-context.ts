/** The language of the components: its texts, and the tag for dates, numbers and error messages. */
import { createContext, useContext } from 'react';
import { en, type Messages } from './en.tsx';

export interface Language {
  /** A language tag, for example `en-GB`. */
  locale: string;
  messages: Messages;
}

export const LanguageContext = createContext<Language>({ locale: en.locale, messages: en });

export function useLanguage(): Language {
  return useContext(LanguageContext);
}
