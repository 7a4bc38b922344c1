/** The period of the overview, in days, as it is in the address. */
import { choiceParam, defined, type Params } from '../../data/search-params.ts';

export const overviewPeriods = ['1', '7', '30'] as const;
export type OverviewPeriod = (typeof overviewPeriods)[number];

export interface OverviewSearch {
  /** Undefined: one day. */
  days?: OverviewPeriod | undefined;
}

export function overviewSearch(params: Params): OverviewSearch {
  return defined({ days: choiceParam(String(params.days), overviewPeriods) });
}

const dayMs = 24 * 60 * 60_000;

export interface Spans {
  since: string;
  /** The same length of time before. Null: the gateway keeps no numbers that old. */
  before: { since: string; until: string } | null;
}

/** The gateway answers for the last 31 days. */
const keptDays = 31;

/** @param now in milliseconds */
export function spansOf(period: OverviewPeriod, now: number): Spans {
  const days = Number(period);
  const at = (daysAgo: number) => new Date(now - daysAgo * dayMs).toISOString();
  return { since: at(days), before: 2 * days > keptDays ? null : { since: at(2 * days), until: at(days) } };
}
