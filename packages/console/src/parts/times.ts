/** Instants as words for tables: "Today, 14:05", "23 Nov, 19:58", "30 Apr 2025". */
import { dateFormat } from '@postern/react/ui';

const dayMs = 24 * 60 * 60_000;

export interface ZoneOptions {
  /** An IANA name. Default: the zone of the browser. */
  timeZone?: string;
}

export function shortTime(at: Date, locale: string, now: Date, zone: ZoneOptions = {}): string {
  const day = dayNumber(at, zone) - dayNumber(now, zone);
  const year = (instant: Date) => dateFormat('en', { year: 'numeric', ...zone }).format(instant);
  if (day !== 0 && day !== -1 && year(at) !== year(now)) return shortDate(at, locale, zone);
  const clock = dateFormat(locale, { hour: '2-digit', minute: '2-digit', ...zone }).format(at);
  return `${day === 0 || day === -1 ? namedDay(day, locale) : monthDay(at, locale, zone)}, ${clock}`;
}

export function shortDate(at: Date, locale: string, zone: ZoneOptions = {}): string {
  return dateFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', ...zone }).format(at);
}

function monthDay(at: Date, locale: string, zone: ZoneOptions): string {
  return dateFormat(locale, { day: 'numeric', month: 'short', ...zone }).format(at);
}

/** "Today" or "Yesterday" in the language. */
function namedDay(days: number, locale: string): string {
  const name = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

/** Counts calendar days of the zone, which may have 23 or 25 hours. */
function dayNumber(at: Date, zone: ZoneOptions): number {
  const [year, month, day] = dateFormat('en-CA', { dateStyle: 'short', ...zone })
    .format(at)
    .split('-')
    .map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day) / dayMs;
}
