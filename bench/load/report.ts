/** The table of the load test, and its comparison with the budgets. */
import { quantile } from '../quantile.ts';
import type { Kind } from './mix.ts';

export interface Sample {
  kind: Kind;
  /** Milliseconds since the scheduled start, so that waiting for this process counts as well. */
  ms: number;
  outcome: string;
}

/** Answers of a server that protects itself. */
const allowed = ['ok', 'RATE_LIMITED', 'SERVICE_BUSY'];
const memoryBudgetMb = 512;

/** Prints the table. @returns what is above its budget, one sentence each */
export function report(
  kinds: readonly Kind[],
  samples: readonly Sample[],
  { factor, peakMb }: { factor: number; peakMb: number },
): string[] {
  const problems: string[] = [];
  line(['', 'requests', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms', 'budget', 'other outcomes']);
  for (const kind of kinds) {
    const own = samples.filter((sample) => sample.kind === kind);
    const times = own.map(({ ms }) => ms);
    const budget = kind.budgetMs * factor;
    const figures = [0.5, 0.95, 0.99, 1].map((part) => quantile(times, part).toFixed(1));
    const outcomes = count(own.map(({ outcome }) => outcome));
    const others = [...outcomes]
      .filter(([outcome]) => outcome !== 'ok')
      .map(([outcome, times]) => `${times} ${outcome}`);
    line([kind.name, String(own.length), ...figures, String(budget), others.join(', ')]);
    if (!(quantile(times, 0.95) <= budget)) problems.push(`${kind.name}: the 95th percentile is above ${budget} ms.`);
    if (!outcomes.has('ok')) problems.push(`${kind.name}: no request succeeded.`);
    const refused = [...outcomes.keys()].filter((outcome) => !allowed.includes(outcome));
    if (refused.length > 0) problems.push(`${kind.name}: requests failed with ${refused.join(', ')}.`);
  }
  process.stdout.write(`Memory: at most ${peakMb} MB resident; budget ${memoryBudgetMb} MB.\n`);
  if (peakMb > memoryBudgetMb) problems.push(`The resident memory is above ${memoryBudgetMb} MB.`);
  return problems;
}

function count(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function line(cells: readonly string[]): void {
  const [name = '', ...others] = cells;
  const text = others.map((cell) => cell.padStart(11)).join('  ');
  process.stdout.write(`${name.padEnd(14)}${text.trimEnd()}\n`);
}
