/** The language of the components: its texts, and the tag for dates and numbers. */
import { createContext, useContext } from 'react';
import { english } from './en/shared.ts';
import type { FormMessages, SharedMessages } from './messages.ts';

export interface Language {
  /** A language tag, for example `en-GB`. */
  locale: string;
  /** A form without texts here shows its English ones. */
  messages: SharedMessages & Partial<FormMessages>;
}

export const LanguageContext = createContext<Language>({ locale: english.locale, messages: english });

export function useLanguage(): Language {
  return useContext(LanguageContext);
}
