/** Times of the timeline. They are always exact: never "2 minutes ago" beside an entry. */
import { dateFormat } from '../ui/date-format.ts';
import type { TimelineMessages } from './messages/messages.ts';
import type { TimelineLocale } from './sentences/sentence-of.ts';

export interface TimeOptions {
  locale: TimelineLocale;
  /** IANA name. Default: that of the browser. */
  timeZone?: string | undefined;
}

const tagOf = (locale: TimelineLocale) => (locale === 'en' ? 'en-GB' : locale);

/** 14:05:12 */
export function clockTime(at: string, { locale, timeZone }: TimeOptions): string {
  return dateFormat(tagOf(locale), { timeStyle: 'medium', timeZone }).format(new Date(at));
}

/** 24 November 2026, 14:05:12.418 */
export function exactTime(at: string, { locale, timeZone }: TimeOptions): string {
  const date = new Date(at);
  const day = dateFormat(tagOf(locale), { dateStyle: 'long', timeZone }).format(date);
  const time = dateFormat(tagOf(locale), {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZone,
  });
  return `${day}, ${time.format(date)}`;
}

/** "Today, Tuesday 24 November 2026" */
export function dayTitle(at: string, messages: TimelineMessages, { locale, timeZone }: TimeOptions, now: Date): string {
  const date = new Date(at);
  const part = (options: Intl.DateTimeFormatOptions) =>
    dateFormat(tagOf(locale), { ...options, timeZone }).format(date);
  const [weekday, full] = [part({ weekday: 'long' }), part({ dateStyle: 'long' })];
  const title = locale === 'en' ? `${weekday} ${full}` : `${weekday}, ${full}`;
  const day = dateFormat('en-CA', { dateStyle: 'short', timeZone });
  if (day.format(date) === day.format(now)) return `${messages.today}, ${title}`;
  const yesterday = new Date(now.getTime() - 24 * 60 * 60_000);
  return day.format(date) === day.format(yesterday) ? `${messages.yesterday}, ${title}` : title;
}

/** "UTC+1" */
export function zoneOf(at: string, { timeZone }: TimeOptions): string {
  const parts = dateFormat('en', { timeZoneName: 'shortOffset', timeZone }).formatToParts(new Date(at));
  const zone = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return zone.replace('GMT', 'UTC');
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "9 seconds ago" */
export function age(at: string, { locale }: TimeOptions, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - new Date(at).getTime()) / 1000));
  const [unit, length] = units.find(([, size]) => seconds >= size) ?? units[3];
  return new Intl.RelativeTimeFormat(tagOf(locale)).format(-Math.floor(seconds / length), unit);
}
