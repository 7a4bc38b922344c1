/** What a sentence is made of: the actor, the person concerned and the details. */
import type { TimelineEntry, TimelinePerson } from '../entry.ts';
import { Details } from './details.ts';

/**
 * `you`: the reader. `operator`: the command line. `gateway`: a background job. `deleted`: the account is purged.
 * `anonymous`: a caller without a session.
 */
export type Party =
  | { kind: 'you' | 'operator' | 'gateway' | 'deleted' | 'anonymous' }
  | { kind: 'person'; name: string };

export interface Facts {
  actor: Party;
  /** The user concerned, or the owner of the session concerned. null: the entry concerns no account. */
  person: Party | null;
  /** The actor acts on the own account. */
  own: boolean;
  /** The id of the target, for targets that are no accounts. */
  object: string;
  details: Details;
}

/** @param viewerId the reader, whose own entries say "you" */
export function factsOf(entry: TimelineEntry, viewerId: string | null): Facts {
  const { actor, target } = entry;
  const isAccount = target?.type === 'user' || target?.type === 'session';
  return {
    actor: actor ? partyOf(actor, viewerId, entry.actorLabel) : absentActor(entry),
    person: isAccount ? personOf(target.user, viewerId, target.label) : null,
    own: actor !== null && actor.id === target?.user?.id,
    object: target?.id ?? '',
    details: new Details(entry.details),
  };
}

function partyOf({ id, displayName }: TimelinePerson, viewerId: string | null, label?: string | null): Party {
  if (id === viewerId) return { kind: 'you' };
  const shown = displayName?.trim() || label;
  return shown ? { kind: 'person', name: shown } : { kind: 'person', name: id.slice(0, 8) };
}

function personOf(user: TimelinePerson | null, viewerId: string | null, label?: string | null): Party {
  return user ? partyOf(user, viewerId, label) : { kind: 'deleted' };
}

/** Jobs and the command line have a name in place of a request id, and no address. */
function absentActor({ ipAddress, requestId, sessionId }: TimelineEntry): Party {
  if (ipAddress === null && requestId !== undefined && /^[a-z][a-z-]*$/.test(requestId))
    return { kind: requestId === 'command-line' ? 'operator' : 'gateway' };
  return { kind: sessionId === null ? 'anonymous' : 'deleted' };
}
