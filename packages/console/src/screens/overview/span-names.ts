/** Words for the spans of a chart: the labels of its axis, the name of one span, and the sentence that describes it. */
import { useLocale, useMessages } from '../../messages/messages.ts';
import type { SignInSpan } from './scale.ts';

const hourMs = 60 * 60_000;

export interface SpanNames {
  number: (value: number) => string;
  of: (span: Pick<SignInSpan, 'from' | 'to'>) => string;
  /** Five labels, from the first span to now. */
  labels: readonly string[];
  /** Names the totals and the peaks. */
  sentence: string;
}

export function useSpanNames(spans: readonly SignInSpan[]): SpanNames {
  const locale = useLocale();
  const { overview } = useMessages();
  const first = spans[0];
  const isLong = first !== undefined && spans.length * (timeOf(first.to) - timeOf(first.from)) > 48 * hourMs;
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const moment = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const number = (value: number) => value.toLocaleString(locale);
  const of = ({ from, to }: Pick<SignInSpan, 'from' | 'to'>) =>
    `${isLong ? moment.format(timeOf(from)) : clock.format(timeOf(from))} – ${clock.format(timeOf(to))}`;
  const at = (part: number) => spans[Math.floor((spans.length - 1) * part)]?.from;
  const labels = [0, 0.25, 0.5, 0.75].map((part) => {
    const from = at(part);
    return from === undefined ? '' : (isLong ? day : clock).format(timeOf(from));
  });
  const sum = (key: 'signIns' | 'signInFailures') => spans.reduce((total, span) => total + span[key], 0);
  const peak = (key: 'signIns' | 'signInFailures') =>
    spans.reduce<SignInSpan | undefined>((most, span) => (span[key] > (most?.[key] ?? 0) ? span : most), undefined);
  const peaks = { signIns: peak('signIns'), refused: peak('signInFailures') };
  const sentence = [
    overview.chartTotals(number(sum('signIns')), number(sum('signInFailures'))),
    peaks.signIns && overview.chartPeak(number(peaks.signIns.signIns), of(peaks.signIns)),
    peaks.refused && overview.chartRefusedPeak(number(peaks.refused.signInFailures), of(peaks.refused)),
  ];
  return { number, of, labels: [...labels, overview.now], sentence: sentence.filter(Boolean).join(' ') };
}

function timeOf(instant: string): number {
  return new Date(instant).getTime();
}
