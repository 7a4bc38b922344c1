/** What operators see of the text messages: their number by country, and the budget. */
import { readBudget } from '../../../persistence/sms/budgets.ts';
import { readSmsUsage, type SmsUsage } from '../../../persistence/sms/messages.ts';
import { secondsAfter } from '../../clock.ts';
import type { FactorDeps } from '../deps.ts';
import { type CountedBudget, totalBudget } from './budgets.ts';

type Deps = Pick<FactorDeps, 'em' | 'clock' | 'settings'>;

const usageSeconds = 7 * 24 * 60 * 60;

/** @returns of the last seven days, by country */
export function readUsage({ em, clock }: Deps): Promise<SmsUsage[]> {
  return readSmsUsage(em.fork(), secondsAfter(clock.now(), -usageSeconds));
}

/** @returns the present window; null: no messages are sent */
export async function readSmsBudget({
  em,
  clock,
  settings: { sms },
}: Deps): Promise<(Pick<CountedBudget, 'max' | 'windowEndsAt'> & { used: number }) | null> {
  if (sms === null) return null;
  const budget = totalBudget(sms, clock.now());
  return { ...budget, used: await readBudget(em.fork(), budget) };
}
