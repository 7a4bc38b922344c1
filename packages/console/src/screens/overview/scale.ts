/** The measures of a bar chart. Heights and widths are units of its view box. */

export const chart = { width: 480, height: 240, gridLines: 4 } as const;

export interface SignInSpan {
  from: string;
  to: string;
  signIns: number;
  signInFailures: number;
}

const steps = [1, 2, 4, 5, 8, 10];

/** The number at the top: three equal steps of a round number, at least as high as the highest bar. */
export function topOf(highest: number): number {
  const needed = Math.max(highest, 1) / (chart.gridLines - 1);
  const power = 10 ** Math.max(Math.floor(Math.log10(needed)), 0);
  const step = steps.map((part) => part * power).find((candidate) => candidate >= needed) ?? 10 * power;
  return step * (chart.gridLines - 1);
}

export interface Bar {
  x: number;
  width: number;
  /** From the bottom: the refused part, then the part that signed in. */
  refused: { y: number; height: number };
  signedIn: { y: number; height: number };
}

/** Bars of 8 of 10 parts of their place, and a gap between the two parts. */
export function barsOf(spans: readonly Pick<SignInSpan, 'signIns' | 'signInFailures'>[], top: number): Bar[] {
  const place = chart.width / Math.max(spans.length, 1);
  const gap = 1.5;
  return spans.map(({ signIns, signInFailures }, index) => {
    const refused = (signInFailures / top) * chart.height;
    const signedIn = (signIns / top) * chart.height;
    const space = refused > 0 && signedIn > gap ? gap : 0;
    return {
      x: index * place + place * 0.1,
      width: place * 0.8,
      refused: { y: chart.height - refused, height: refused },
      signedIn: { y: chart.height - refused - signedIn, height: signedIn - space },
    };
  });
}

export interface Change {
  /** Whole percent. */
  percent: number;
}

/** @returns null when there is nothing to compare with */
export function changeOf(now: number, before: number): Change | null {
  return before === 0 ? null : { percent: Math.round(((now - before) / before) * 100) };
}

/** The middle value; 0 of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export interface Spike {
  from: string;
  count: number;
  usual: number;
}

/** The span with the most refused sign-ins, when they are far above the usual number. */
export function spikeIn(spans: readonly Pick<SignInSpan, 'from' | 'signInFailures'>[]): Spike | null {
  const usual = medianOf(spans.map(({ signInFailures }) => signInFailures));
  const [most] = spans.toSorted((one, other) => other.signInFailures - one.signInFailures);
  if (!most || most.signInFailures < Math.max(20, usual * 4)) return null;
  return { from: most.from, count: most.signInFailures, usual };
}
