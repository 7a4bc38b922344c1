/** Audit entries as a list of sentences on a rail. It fetches nothing: pages pass the entries and the result of the integrity check. */
import Stamp from 'lucide-react/icons/stamp';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { type ReactNode, useMemo } from 'react';
import { classes } from '../ui/classes.ts';
import { Icon } from '../ui/icon.tsx';
import type { TimelineEntry } from './entry.ts';
import { type EntryLinks, EntryRow } from './entry-row.tsx';
import { type TimelineLanguage, TimelineLanguageContext } from './language.ts';
import { messagesOf } from './messages/messages.ts';
import { daysOf, type RowOptions, type TimelineDay, type TimelineRow } from './rows.ts';
import type { SentenceOptions } from './sentences/sentence-of.ts';
import { clockTime, dayTitle, type TimeOptions, zoneOf } from './times.ts';

export interface TimelineProps extends SentenceOptions, Omit<RowOptions, 'timeZone'>, EntryLinks {
  /** Newest first. */
  entries: readonly TimelineEntry[];
  /** Names the list for screen readers. */
  label: string;
  /** A head for panels. With it, days have no heads. */
  title?: ReactNode;
  /** Below the list, for example a button for older entries. */
  children?: ReactNode;
}

export function Timeline({ entries, label, title, children, ...options }: TimelineProps) {
  const language = useLanguageOf(options);
  const days = daysOf(entries, options);
  return (
    <TimelineLanguageContext value={language}>
      <section className={classes('timeline', options.isFiltered && 'stubs')} aria-label={label}>
        {title && <h2 className="day title">{title}</h2>}
        {days.map((day) => (
          <Day key={day.key} day={day} hasHead={title === undefined} links={options} />
        ))}
        {children}
      </section>
    </TimelineLanguageContext>
  );
}

/** The language of a part that stands outside of a `Timeline`. */
export function useLanguageOf({ locale, viewerId, timeZone }: SentenceOptions): TimelineLanguage {
  return useMemo(
    () => ({
      locale,
      messages: messagesOf(locale),
      ...(viewerId === undefined ? {} : { viewerId }),
      ...(timeZone === undefined ? {} : { timeZone }),
    }),
    [locale, viewerId, timeZone],
  );
}

function Day({ day, hasHead, links }: { day: TimelineDay; hasHead: boolean; links: EntryLinks & SentenceOptions }) {
  return (
    <>
      {hasHead && <DayHead at={day.at} locale={links.locale} timeZone={links.timeZone} />}
      <ol className="entries">
        {day.rows.map((row) =>
          row.kind === 'entry' ? (
            <EntryRow key={row.entry.id} row={row} {...links} />
          ) : (
            <ChainRow key={row.kind} row={row} options={links} />
          ),
        )}
      </ol>
    </>
  );
}

export interface DayHeadProps extends TimeOptions {
  /** An instant of the day. */
  at: string;
  level?: 2 | 3;
}

/** "Today, Tuesday 24 November 2026", and the zone. */
export function DayHead({ at, level = 2, ...options }: DayHeadProps) {
  const Heading = `h${level}` as const;
  return (
    <Heading className="day">
      <span>{dayTitle(at, messagesOf(options.locale), options, new Date())}</span>
      <span className="subtle">{zoneOf(at, options)}</span>
    </Heading>
  );
}

/** What stands between two entries: the newest checkpoint, or the place of a missing entry. */
function ChainRow({ row, options }: { row: Exclude<TimelineRow, { kind: 'entry' }>; options: SentenceOptions }) {
  const messages = messagesOf(options.locale);
  const isBroken = row.kind === 'missing';
  return (
    <li className={classes('checkpoint', isBroken && 'broken')}>
      <span />
      <span className="ring">
        <Icon of={isBroken ? TriangleAlert : Stamp} size={18} />
      </span>
      <span className="ln" />
      <span className="tx">
        {isBroken ? messages.missing(row.sequence) : messages.checkpoint(row.number, clockTime(row.signedAt, options))}
      </span>
    </li>
  );
}
