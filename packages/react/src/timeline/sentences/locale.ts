/** What a language provides: one sentence for each action, and one for actions of later versions. */
import type { TimelineAction } from '../actions.ts';
import type { Facts } from './facts.ts';
import type { Sentence } from './sentence.ts';

/** A sentence, given the words of the language for times. */
export type Write = (facts: Facts, format: Format) => Sentence;

export interface Format {
  /** A time of day, or a date with the time for another day than that of the entry. */
  time(iso: string): string;
}

export interface LocaleSentences {
  actions: Record<TimelineAction, Write>;
  other: (action: string, facts: Facts) => Sentence;
}
