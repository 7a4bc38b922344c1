/** An instant as words, with the exact time and zone in the tooltip. */
import { useEffect, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';
import { dateText, exactTime, relativeTime } from './time-text.ts';

export interface TimeProps {
  at: string | Date;
  /** `sentence`: "today at 08:41" or "on 12 May". `date`: "12 May". `exact`: with seconds and zone. */
  form?: 'sentence' | 'date' | 'exact' | undefined;
}

const tickMs = 30_000;

export function Time({ at, form = 'sentence' }: TimeProps) {
  const { locale, messages } = useLanguage();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (form !== 'sentence') return undefined;
    const ticking = setInterval(() => setNow(new Date()), tickMs);
    return () => clearInterval(ticking);
  }, [form]);
  const instant = new Date(at);
  const exact = exactTime(instant, { locale });
  const words = {
    sentence: () => relativeTime(instant, { locale, texts: messages.time, now }),
    date: () => dateText(instant, { locale, now }),
    exact: () => exact,
  };
  return (
    // The server may be in another time zone than the browser.
    <time dateTime={instant.toISOString()} title={exact} suppressHydrationWarning>
      {words[form]()}
    </time>
  );
}
