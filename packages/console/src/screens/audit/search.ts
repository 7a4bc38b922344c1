/** The search parameters of the audit trail, and the filter of its queries. */
import { choiceParam, defined, type Params, textParam } from '../../data/search-params.ts';
import type { AuditFilter, AuditOutcome } from '../../generated/operations.ts';

export const outcomes = ['SUCCESS', 'FAILURE', 'DENIED'] as const satisfies readonly AuditOutcome[];
/** Hours back from now; `all`: everything that is kept. */
export const periods = ['1', '24', '168', '720', 'all'] as const;
export type Period = (typeof periods)[number];
const defaultPeriod: Period = '24';

export interface AuditFilters {
  action?: string | undefined;
  outcome?: (typeof outcomes)[number] | undefined;
  /** The id of the acting user. */
  by?: string | undefined;
  /** The id of the target. */
  on?: string | undefined;
  address?: string | undefined;
}

export interface AuditSearch extends AuditFilters {
  /** Undefined: the last 24 hours. */
  period?: Period | undefined;
  /** The id of the entry in the inspector. */
  entry?: string | undefined;
}

export function auditSearch(params: Params): AuditSearch {
  const period = choiceParam(String(params.period), periods);
  return defined({
    period: period === defaultPeriod ? undefined : period,
    action: matching(params.action, /^[a-z_]{1,40}\.[a-z_]{1,40}$/),
    outcome: choiceParam(params.outcome, outcomes),
    by: matching(params.by, idPattern),
    on: matching(params.on, /^[\w.:-]{1,64}$/),
    address: textParam(params.address, 45),
    entry: matching(params.entry, idPattern),
  });
}

export function isFiltered({ action, outcome, by, on, address }: AuditFilters): boolean {
  return [action, outcome, by, on, address].some((part) => part !== undefined);
}

/** Periods count from here, so that the filter stays the same for a minute. In milliseconds. */
export function startOfMinute(now: number): number {
  return Math.floor(now / minuteMs) * minuteMs;
}

/** @param now in milliseconds: periods count from here */
export function filterOf(search: AuditSearch, now: number): AuditFilter {
  const { period = defaultPeriod, action, outcome, by, on, address } = search;
  const since = period === 'all' ? undefined : new Date(now - Number(period) * hourMs).toISOString();
  return defined({ since, action, outcome, actorId: by, targetId: on, ipAddress: address });
}

/** Ids are UUIDv7: they begin with their time in milliseconds. The filter finds the entries of that millisecond. */
export function filterOfEntry(id: string): AuditFilter {
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return { since: new Date(at).toISOString(), until: new Date(at + 1).toISOString() };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const idPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function matching(value: unknown, pattern: RegExp): string | undefined {
  const text = textParam(value, 100);
  return text !== undefined && pattern.test(text) ? text : undefined;
}
