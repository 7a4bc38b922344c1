/** The texts of the webhooks. They are part of these screens, and not of the first load. */
import { languageOf, useLocale } from '../messages.ts';
import { de } from './de.ts';
import { en, type WebhookTexts } from './en.ts';

export function useWebhookTexts(): WebhookTexts {
  return languageOf(useLocale()) === 'de' ? de : en;
}
