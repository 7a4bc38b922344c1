/** The texts of a language. */
import type { TimelineLocale } from '../sentences/sentence-of.ts';
import { de } from './de.ts';
import { en, type TimelineMessages } from './en.ts';

export type { TimelineMessages };

const languages: Record<TimelineLocale, TimelineMessages> = { en, de };

export function messagesOf(locale: TimelineLocale): TimelineMessages {
  return languages[locale];
}
