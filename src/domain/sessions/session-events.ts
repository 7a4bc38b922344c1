/** The events of one session, for its client: its end, changed permissions, other sign-ins of the user. */
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { type Caller, type Role, type Session, type Viewer, viewerOf } from '../caller.ts';
import type { EventSource } from '../events/source.ts';
import type { StreamedEvent } from '../events/tail.ts';
import type { Unit } from '../transaction.ts';
import { endReasonOf, type SessionEndReason } from './end-reason.ts';
import { sessionsOfUsers } from './list.ts';

export type SessionEvent =
  | { reason: SessionEndReason; at: Date }
  | { role: Role; permissions: string[] }
  | { expiresAt: Date }
  | { session: Session };

export function sessionEvents(caller: Caller): EventSource {
  const own = ownOf(viewerOf(caller));
  return {
    userId: own.userId,
    wants: (event) => changesPermissions(event) || isOtherSignIn(event, own),
    present: presentEvents,
    expiring: (expiresAt): SessionEvent => ({ expiresAt }),
    ending: (unit) => endingOf(unit, own),
  };
}

interface Own {
  userId: string;
  sessionId: string;
  /** Of the session. */
  expiresAt: Date;
}

function ownOf({ id: userId, session: { id: sessionId, expiresAt } }: Viewer): Own {
  return { userId, sessionId, expiresAt };
}

function changesPermissions({ type }: StreamedEvent): boolean {
  return type === 'USER_ROLE_CHANGED' || type === 'ROLE_UPDATED';
}

function isOtherSignIn({ type, userId, sessionId }: StreamedEvent, own: Own): boolean {
  return type === 'SESSION_STARTED' && userId === own.userId && sessionId !== own.sessionId;
}

async function presentEvents(unit: Unit, events: readonly StreamedEvent[], caller: Caller): Promise<SessionEvent[]> {
  const viewer = viewerOf(caller);
  const { role } = viewer;
  const isChanged = events.some(
    ({ type, userId, data }) =>
      (type === 'USER_ROLE_CHANGED' && userId === viewer.id) || (type === 'ROLE_UPDATED' && data.role === role.name),
  );
  const changed = isChanged ? [{ role, permissions: role.permissions }] : [];
  return [...changed, ...(await otherSignIns(unit, events, caller))];
}

/** Sessions that have ended meanwhile are omitted. */
async function otherSignIns(unit: Unit, events: readonly StreamedEvent[], caller: Caller): Promise<SessionEvent[]> {
  const viewer = viewerOf(caller);
  const started = events.filter((event) => isOtherSignIn(event, ownOf(viewer))).map(({ sessionId }) => sessionId);
  if (started.length === 0) return [];
  const [living = []] = await sessionsOfUsers(unit, caller, [viewer.id]);
  return living.filter(({ id }) => started.includes(id)).map((session) => ({ session }));
}

async function endingOf({ em, clock }: Unit, { sessionId, expiresAt }: Own): Promise<SessionEvent> {
  const family = await em.fork().findOne(TokenFamily, { id: sessionId });
  const reason = endReasonOf(family?.revokedReason ?? null, family !== null && family.expiresAt <= clock.now());
  return { reason, at: family?.revokedAt ?? family?.expiresAt ?? expiresAt };
}
