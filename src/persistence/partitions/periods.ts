/** Calendar months and weeks (from Monday) in UTC, and the names of their partitions. */

export type Period = 'month' | 'week';

export interface Span {
  from: Date;
  /** The start of the next period. */
  to: Date;
}

const dayMs = 24 * 60 * 60 * 1000;
/** 1970-01-01 was a Thursday. */
const daysAfterMonday = 3;

/** The period of a time and those that follow it. */
export function periodsFrom(period: Period, time: Date, ahead: number): Span[] {
  return Array.from({ length: ahead + 1 }, (_, index) => ({
    from: startOf(period, time, index),
    to: startOf(period, time, index + 1),
  }));
}

/** @param later periods after the one of the time */
export function startOf(period: Period, time: Date, later = 0): Date {
  if (period === 'month') return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + later, 1));
  const days = Math.floor(time.getTime() / dayMs) + daysAfterMonday;
  return new Date((days - (days % 7) - daysAfterMonday + 7 * later) * dayMs);
}

/** @returns for example `audit_entries_2026_11`, and `outbox_mails_2026_11_30` for a week */
export function partitionName(table: { name: string; period: Period }, { from }: Span): string {
  const date = from.toISOString().slice(0, table.period === 'month' ? 7 : 10);
  return `${table.name}_${date.replaceAll('-', '_')}`;
}
