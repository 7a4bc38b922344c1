/**
 * What a rule of the map demands of the caller's token, for routers that refuse before they ask us: the directives of
 * the subgraph's SDL (sdl.ts) are made from it. What a token does not show - a second factor, how recent it was, a
 * network - only the rule itself judges.
 */
import { RuleAnd, RuleOr } from 'graphql-shield/dist/rules.js';
import type { ShieldRule } from 'graphql-shield/dist/types.js';

/** `nobody`: no token is needed. Else lists of permissions: somebody who has all of one of the lists. */
export type Demand = 'nobody' | readonly (readonly string[])[];

export const somebody: Demand = [[]];

const demands = new WeakMap<ShieldRule, Demand>();

/** Says what a rule demands; returns the rule. */
export function demanding<R extends ShieldRule>(rule: R, demand: Demand): R {
  demands.set(rule, demand);
  return rule;
}

/** @throws Error for a rule of which nobody has said it: it would be printed as open to anybody */
export function demandOf(rule: ShieldRule): Demand {
  const own = demands.get(rule);
  if (own) return own;
  if (rule instanceof RuleAnd) return rule.getRules().map(demandOf).reduce(both, 'nobody');
  if (rule instanceof RuleOr) return rule.getRules().map(demandOf).reduce(either);
  throw new Error('a rule of src/graphql/permissions.ts does not say what it demands: wrap it in demanding()');
}

function both(a: Demand, b: Demand): Demand {
  if (a === 'nobody') return b;
  if (b === 'nobody') return a;
  return a.flatMap((some) => b.map((others) => [...new Set([...some, ...others])]));
}

function either(a: Demand, b: Demand): Demand {
  if (a === 'nobody' || b === 'nobody') return 'nobody';
  const lists = [...a, ...b];
  return lists.some((list) => list.length === 0) ? somebody : lists;
}
