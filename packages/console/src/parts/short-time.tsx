/** An instant in a table or a list of facts, with the exact time and zone in the tooltip. */
import { exactTime } from '@postern/react/ui';
import { useLocale } from '../messages/messages.ts';
import { shortDate, shortTime } from './times.ts';

export interface ShortTimeProps {
  at: string;
  /** `date`: without the time of the day. */
  form?: 'time' | 'date';
}

export function ShortTime({ at, form = 'time' }: ShortTimeProps) {
  const locale = useLocale();
  const instant = new Date(at);
  const text = form === 'date' ? shortDate(instant, locale) : shortTime(instant, locale, new Date());
  return (
    <time dateTime={at} title={exactTime(instant, { locale })}>
      {text}
    </time>
  );
}
