/** Instants as words: relative up to an hour, then with the day, then as a date. */

import type { Messages } from '../messages/messages.ts';
import { dateFormat } from './date-format.ts';

export interface TimeOptions {
  locale: string;
  texts: Messages['time'];
  now: Date;
  /** An IANA name. Default: the zone of the browser. */
  timeZone?: string | undefined;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** @returns words for the middle of a sentence, for example "3 minutes ago", "today at 08:41", "on 12 May 2026" */
export function relativeTime(at: Date, { locale, texts, now, timeZone }: TimeOptions): string {
  const distanceMs = at.getTime() - now.getTime();
  if (Math.abs(distanceMs) < 60 * minuteMs) return minutesAway(Math.trunc(distanceMs / minuteMs), locale);
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = (instant: Date) => dateFormat('en-CA', { dateStyle: 'short', ...zone }).format(instant);
  const clock = dateFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone }).format(at);
  if (day(at) === day(now)) return texts.todayAt(clock);
  if (day(at) === day(new Date(now.getTime() - dayMs))) return texts.yesterdayAt(clock);
  if (day(at) === day(new Date(now.getTime() + dayMs))) return texts.tomorrowAt(clock);
  return texts.on(dateText(at, { locale, now, timeZone }));
}

/** @returns for example "12 May", with the year when it is another year */
export function dateText(at: Date, { locale, now, timeZone }: Omit<TimeOptions, 'texts'>): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const year = (instant: Date) => dateFormat('en', { year: 'numeric', ...zone }).format(instant);
  const withYear = year(at) === year(now) ? {} : { year: 'numeric' as const };
  return dateFormat(locale, { day: 'numeric', month: 'long', ...withYear, ...zone }).format(at);
}

/** @returns date, time with seconds, and zone */
export function exactTime(at: Date, { locale, timeZone }: Pick<TimeOptions, 'locale' | 'timeZone'>): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  return dateFormat(locale, { dateStyle: 'long', timeStyle: 'long', ...zone }).format(at);
}

function minutesAway(minutes: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return minutes === 0 ? format.format(0, 'second') : format.format(minutes, 'minute');
}
