/** A sentence as React nodes. Names come from users: `bdi` keeps their direction to themselves. */
import type { TimelineEntry } from './entry.ts';
import { useTimelineLanguage } from './language.ts';
import { sentenceOf } from './sentences/sentence-of.ts';

export interface SayProps {
  entry: TimelineEntry;
  /** Without bold names and boxed values: for headings. */
  plain?: boolean;
}

export function Say({ entry, plain = false }: SayProps) {
  const language = useTimelineLanguage();
  return sentenceOf(entry, language).map((part, index) => {
    // The parts of a sentence never change their order.
    const key = index;
    if (typeof part === 'string') return <span key={key}>{part}</span>;
    if (part.kind === 'value')
      return plain ? (
        <bdi key={key}>{part.text}</bdi>
      ) : (
        <bdi key={key} className="val">
          {part.text}
        </bdi>
      );
    return plain ? (
      <bdi key={key}>{part.text}</bdi>
    ) : (
      <b key={key}>
        <bdi>{part.text}</bdi>
      </b>
    );
  });
}
