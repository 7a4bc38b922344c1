/** Counts the assessments of sign-ins, for administrators. */
import { countAssessments, type RiskCounts } from '../../persistence/risk/assessments.ts';
import { secondsAfter } from '../clock.ts';
import { Refusal } from '../errors.ts';
import type { Unit } from '../transaction.ts';

const day = 24 * 60 * 60;
const usualSeconds = 7 * day;
const longestSeconds = 31 * day;

export interface RiskOverview extends RiskCounts {
  since: Date;
}

/** @param since null: a week ago @throws Refusal BAD_USER_INPUT for a time that is more than 31 days ago */
export async function readRiskOverview({ em, clock }: Unit, since: Date | null): Promise<RiskOverview> {
  const now = clock.now();
  const start = since ?? secondsAfter(now, -usualSeconds);
  if (start >= now || start < secondsAfter(now, -longestSeconds)) {
    const message = 'Enter a time within the last 31 days.';
    throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'since', code: 'OUT_OF_RANGE', message }] });
  }
  return { since: start, ...(await countAssessments(em.fork(), start)) };
}
