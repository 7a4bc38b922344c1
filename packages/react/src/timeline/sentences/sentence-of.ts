/** The sentence of an entry. */
import { dateFormat } from '../../ui/date-format.ts';
import { isKnownAction } from '../actions.ts';
import type { TimelineEntry } from '../entry.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { factsOf } from './facts.ts';
import type { LocaleSentences } from './locale.ts';
import { capitalised, type Sentence } from './sentence.ts';

export type TimelineLocale = 'en' | 'de';

/** The language of a tag such as `de-AT`; English for other languages. */
export function timelineLocaleOf(tag: string): TimelineLocale {
  return tag.toLowerCase().startsWith('de') ? 'de' : 'en';
}

const languages: Record<TimelineLocale, LocaleSentences> = { en: english, de: german };

export interface SentenceOptions {
  locale: TimelineLocale;
  /** The reader: own entries say "You". */
  viewerId?: string | null;
  /** IANA name. Default: that of the browser. */
  timeZone?: string;
}

export function sentenceOf(entry: TimelineEntry, { locale, viewerId = null, timeZone }: SentenceOptions): Sentence {
  const facts = factsOf(entry, viewerId);
  const { actions, other } = languages[locale];
  const time = (iso: string) => timeBeside(iso, entry.occurredAt, locale, timeZone);
  return capitalised(isKnownAction(entry.action) ? actions[entry.action](facts, { time }) : other(entry.action, facts));
}

/** The time of day, with the date on another day than that of the entry. */
function timeBeside(iso: string, entryTime: string, locale: TimelineLocale, timeZone?: string): string {
  const [time, beside] = [new Date(iso), new Date(entryTime)];
  if (Number.isNaN(time.getTime())) return '…';
  const day = dateFormat(locale, { dateStyle: 'long', timeZone });
  const clock = dateFormat(locale === 'en' ? 'en-GB' : locale, { timeStyle: 'short', timeZone }).format(time);
  return day.format(time) === day.format(beside) ? clock : `${day.format(time)}, ${clock}`;
}
