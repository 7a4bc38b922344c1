/** The rows of the list: entries by day, the rail beside them, the newest checkpoint, and where the chain is broken. */
import { dateFormat } from '../ui/date-format.ts';
import type { TimelineEntry } from './entry.ts';

/** The result of `auditIntegrity`, as far as the list shows it. */
export interface TimelineIntegrity {
  checkpoint: { number: number; sequence: number; signedAt: string } | null;
  problem: { sequence: number | null; entryId: string | null; message: string } | null;
}

export type Rail = 'sealed' | 'waiting' | 'none';

export type TimelineRow =
  | { kind: 'entry'; entry: TimelineEntry; rail: Rail; isFirst: boolean; isLast: boolean; isBroken: boolean }
  | { kind: 'checkpoint'; number: number; signedAt: string }
  | { kind: 'missing'; sequence: number };

export interface TimelineDay {
  /** The calendar day of the zone, such as `2026-11-24`. */
  key: string;
  /** A time of that day. */
  at: string;
  rows: TimelineRow[];
}

export interface RowOptions {
  integrity?: TimelineIntegrity | null | undefined;
  /** Neighbours of a filtered list are no neighbours of the chain: no rows between them. */
  isFiltered?: boolean | undefined;
  timeZone?: string | undefined;
}

/** @param entries newest first */
export function daysOf(entries: readonly TimelineEntry[], options: RowOptions = {}): TimelineDay[] {
  const day = dateFormat('en-CA', { dateStyle: 'short', timeZone: options.timeZone });
  const days: TimelineDay[] = [];
  for (const [index, entry] of entries.entries()) {
    const key = day.format(new Date(entry.occurredAt));
    const rows = [...rowsBefore(entries, index, options), entryRow(entries, index, options)];
    const last = days.at(-1);
    if (last?.key === key) last.rows.push(...rows);
    else days.push({ key, at: entry.occurredAt, rows });
  }
  return days;
}

export function railOf({ hash }: TimelineEntry): Rail {
  if (hash === undefined) return 'none';
  return hash === null ? 'waiting' : 'sealed';
}

function entryRow(entries: readonly TimelineEntry[], index: number, { integrity }: RowOptions): TimelineRow {
  const entry = entries[index];
  if (!entry) throw new Error('There is no such entry.');
  const { problem } = integrity ?? {};
  return {
    kind: 'entry',
    entry,
    rail: railOf(entry),
    isFirst: index === 0,
    isLast: index === entries.length - 1,
    isBroken: problem?.entryId === entry.id,
  };
}

function rowsBefore(entries: readonly TimelineEntry[], index: number, options: RowOptions): TimelineRow[] {
  const [above, below] = [entries[index - 1], entries[index]];
  const { checkpoint = null, problem = null } = options.integrity ?? {};
  if (options.isFiltered || !above || !below) return [];
  const missing = problem?.entryId === null ? problem.sequence : null;
  const isGap = missing !== null && isSealedAfter(above, missing) && isSealedBefore(below, missing);
  const isBorder = checkpoint !== null && railOf(above) === 'waiting' && !entries.slice(index).some(isWaiting);
  return [
    ...(isBorder ? [{ kind: 'checkpoint', number: checkpoint.number, signedAt: checkpoint.signedAt } as const] : []),
    ...(isGap ? [{ kind: 'missing', sequence: missing } as const] : []),
  ];
}

function isWaiting(entry: TimelineEntry): boolean {
  return railOf(entry) === 'waiting';
}

function isSealedAfter({ sequence }: TimelineEntry, place: number): boolean {
  return sequence == null || sequence > place;
}

function isSealedBefore({ sequence }: TimelineEntry, place: number): boolean {
  return sequence != null && sequence < place;
}
