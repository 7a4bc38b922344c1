/** What each field of the type Subscription sends. */
import { adminEvents, ownEvents } from '../../domain/audit/streamed-entries.ts';
import type { EventSource } from '../../domain/events/source.ts';
import { sessionEvents } from '../../domain/sessions/session-events.ts';
import type { operations } from '../permissions/permissions.ts';
import type { Context } from '../request/context.ts';

export type StreamName = keyof typeof operations.Subscription;

type OpenSource = (context: Context, args: Readonly<Record<string, unknown>>) => EventSource;

export const sources: Readonly<Record<StreamName, OpenSource>> = {
  sessionEvents: ({ unit, caller }) => sessionEvents(unit, caller),
  securityEvents: ({ unit, caller }) => ownEvents(unit, caller),
  adminEvents: ({ unit }, { types }) => adminEvents(unit, Array.isArray(types) ? types : null),
};

export function isStreamName(name: string): name is StreamName {
  return Object.hasOwn(sources, name);
}
