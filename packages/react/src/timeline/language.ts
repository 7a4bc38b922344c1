/** The language and the reader of a timeline, for its parts. */
import { createContext, useContext } from 'react';
import { messagesOf, type TimelineMessages } from './messages/messages.ts';
import type { SentenceOptions } from './sentences/sentence-of.ts';

export interface TimelineLanguage extends SentenceOptions {
  messages: TimelineMessages;
}

export const TimelineLanguageContext = createContext<TimelineLanguage>({ locale: 'en', messages: messagesOf('en') });

export function useTimelineLanguage(): TimelineLanguage {
  return useContext(TimelineLanguageContext);
}
