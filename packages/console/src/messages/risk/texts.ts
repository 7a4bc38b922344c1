/** The texts of the risk assessment. They are part of its screens, and not of the first load. */
import { languageOf, useLocale } from '../messages.ts';
import { de } from './de.ts';
import { en, type RiskTexts } from './en.ts';

export function useRiskTexts(): RiskTexts {
  return languageOf(useLocale()) === 'de' ? de : en;
}
