/** The period of the risk overview, in days, as it is in the address. */
import { choiceParam, defined, type Params } from '../../data/search-params.ts';

export const riskPeriods = ['1', '7', '30'] as const;
export type RiskPeriod = (typeof riskPeriods)[number];

export interface RiskSearch {
  /** Undefined: seven days. */
  days?: RiskPeriod | undefined;
}

export function riskSearch(params: Params): RiskSearch {
  return defined({ days: choiceParam(String(params.days), riskPeriods) });
}
