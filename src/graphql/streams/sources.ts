/** What each field of the type Subscription sends. */
import { adminEvents, ownEvents } from '../../domain/audit/streamed-entries.ts';
import type { Caller } from '../../domain/caller.ts';
import type { EventSource } from '../../domain/events/source.ts';
import { sessionEvents } from '../../domain/sessions/session-events.ts';
import type { operations } from '../permissions/permissions.ts';

export type StreamName = keyof typeof operations.Subscription;

type OpenSource = (caller: Caller, args: Readonly<Record<string, unknown>>) => EventSource;

export const sources: Readonly<Record<StreamName, OpenSource>> = {
  sessionEvents,
  securityEvents: ownEvents,
  adminEvents: (_caller, { types }) => adminEvents(Array.isArray(types) ? types : null),
};

export function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(sources, name);
}
