/** The language of the components: its texts, and the tag for dates and numbers. */
import { createContext, useContext } from 'react';
import { enSignIn } from './en-sign-in.ts';
import type { FormMessages, SignInMessages } from './messages.ts';

export interface Language {
  /** A language tag, for example `en-GB`. */
  locale: string;
  /** A form without texts here has its own in English: see `useTexts`. */
  messages: SignInMessages & Partial<FormMessages>;
}

export const LanguageContext = createContext<Language>({ locale: enSignIn.locale, messages: enSignIn });

export function useLanguage(): Language {
  return useContext(LanguageContext);
}
