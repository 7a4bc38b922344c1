/** The budgets of text messages: of all of them, and of one prefix. */
import type { Budget } from '../../../persistence/sms/budgets.ts';
import type { DomainSettings } from '../../settings.ts';

export type SmsRules = NonNullable<DomainSettings['sms']>;

export interface CountedBudget extends Budget {
  reason: 'budget' | 'prefix';
  max: number;
}

/** The first is that of all messages. */
export function budgetsOf(rules: SmsRules, prefix: string, now: Date): readonly [CountedBudget, CountedBudget] {
  return [
    totalBudget(rules, now),
    { reason: 'prefix', key: `prefix:${prefix}`, ...windowOf(rules.budgetPerPrefix, now) },
  ];
}

export function totalBudget({ budget }: SmsRules, now: Date): CountedBudget {
  return { reason: 'budget', key: 'total', ...windowOf(budget, now) };
}

export function pauseKeyOf(prefix: string): string {
  return `pause:${prefix}`;
}

/** Windows follow each other without gaps, so that all instances count in the same one. */
function windowOf({ max, windowSeconds }: SmsRules['budget'], now: Date) {
  const windowMs = windowSeconds * 1000;
  return { max, windowEndsAt: new Date((Math.floor(now.getTime() / windowMs) + 1) * windowMs) };
}
