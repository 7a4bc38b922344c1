/** The message about an event, as the bytes that are signed and sent. */
import type { ClaimedEvent } from '../../persistence/events/undispatched.ts';
import { definitionOf } from '../events/catalogue.ts';

/** Present with `includeProfile` only. Null: the user was purged. */
export interface Profile {
  email: string;
  displayName: string | null;
  role: string;
}

export type MessageEvent = Omit<ClaimedEvent, 'dispatchedAt'>;

/** @param profile undefined: the webhook gets no profiles */
export function messageOf(event: MessageEvent, profile: Profile | null | undefined): Buffer {
  const { id, occurredAt, userId, sessionId, actorId, data } = event;
  const { name: type, version } = definitionOf(event.type);
  const about = { userId, sessionId, actorId, ...data };
  const withProfile = profile === undefined || userId === null ? about : { ...about, profile };
  return Buffer.from(JSON.stringify({ id, type, version, occurredAt, data: withProfile }));
}
