/** The texts of the service accounts. They are part of these screens, and not of the first load. */
import { languageOf, useLocale } from '../messages.ts';
import { de } from './de.ts';
import { en, type ServiceAccountTexts } from './en.ts';

export function useServiceAccountTexts(): ServiceAccountTexts {
  return languageOf(useLocale()) === 'de' ? de : en;
}
