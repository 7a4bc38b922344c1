/** The texts of the explanation of access. They are part of this tab, and not of the first load. */
import { languageOf, useLocale } from '../messages.ts';
import { de } from './de.ts';
import { type AccessTexts, en } from './en.ts';

export function useAccessTexts(): AccessTexts {
  return languageOf(useLocale()) === 'de' ? de : en;
}
