/** What users do with their own sessions: revoking one, revoking the others, and signing out. */
import { endSessions } from '../../persistence/sessions/end-sessions.ts';
import { lockUsersOf } from '../../persistence/sessions/session-locks.ts';
import { eventRow } from '../audit/publications.ts';
import { auditRow } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId } from '../ids.ts';
import { transact, type Unit } from '../transaction.ts';
import type { SessionDeps } from './deps.ts';
import { endOf, revokeSessions } from './revoke.ts';

/**
 * Revokes the session of the caller and the session of the refresh token. Any refresh token of a session is accepted,
 * even a used one: revoking is the safe side.
 * @returns whether a live session was revoked
 * @throws Refusal UNAUTHENTICATED without either
 */
export async function logout(
  unit: Unit & Pick<SessionDeps, 'refreshTokens'>,
  caller: Caller,
  refreshToken: string | null,
): Promise<boolean> {
  const claims = refreshToken ? unit.refreshTokens.open(refreshToken) : null;
  const own = refreshToken ? caller.viewer?.session.id : viewerOf(caller).session.id;
  const ids = [...new Set([own, claims?.familyId].filter((id) => id !== undefined))];
  const now = unit.clock.now();
  const records = ids.map((id) => {
    const end = endOf(caller, id, 'logout');
    const entry = auditRow(caller.client, now, end);
    return { entry, event: eventRow(entry, end) };
  });
  return (await endSessions(unit.em, ids, 'logout', records, now)) > 0;
}

/** @throws Refusal UNAUTHENTICATED, NOT_FOUND also for sessions that are revoked or belong to another user */
export async function revokeOwnSession(unit: Unit, caller: Caller, sessionId: string): Promise<number> {
  const viewer = viewerOf(caller);
  const revoked = isId(sessionId) ? await revokeOwn(unit, caller, { user: viewer.id, id: sessionId }) : 0;
  if (revoked === 0) throw new Refusal('NOT_FOUND');
  return revoked;
}

/**
 * @param signedInBefore revokes only sessions that began before; null: all except the session of the caller
 * @throws Refusal UNAUTHENTICATED
 */
export function revokeOtherSessions(unit: Unit, caller: Caller, signedInBefore: Date | null): Promise<number> {
  const { id: user, session } = viewerOf(caller);
  const older = signedInBefore ? { createdAt: { $lt: signedInBefore } } : {};
  return revokeOwn(unit, caller, { user, id: { $ne: session.id }, ...older });
}

function revokeOwn(unit: Unit, caller: Caller, which: object): Promise<number> {
  return transact(unit, caller, async ({ tx, now }) => {
    await lockUsersOf(tx, [viewerOf(caller).session.id]);
    return revokeSessions(tx, caller, which, 'revoked', now);
  });
}
