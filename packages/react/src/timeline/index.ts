/** `@postern/react/timeline`: the audit trail as sentences, for the console and for the activity of an account. */

export { deviceOf } from '../ui/device.ts';
export { isKnownAction, type TimelineAction, timelineActions } from './actions.ts';
export type { TimelineEntry, TimelinePerson } from './entry.ts';
export { Inspector, type InspectorProps } from './inspector.tsx';
export type { TimelineIntegrity } from './rows.ts';
export { type Part, type Sentence, textOf } from './sentences/sentence.ts';
export { type SentenceOptions, sentenceOf, type TimelineLocale, timelineLocaleOf } from './sentences/sentence-of.ts';
export { DayHead, type DayHeadProps, Timeline, type TimelineProps } from './timeline.tsx';
export { clockTime } from './times.ts';
export { TrustStrip, type TrustStripProps } from './trust-strip.tsx';
