/** Revokes sessions: both tokens of a session stop working with the commit. */
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { type RevocationReason, TokenFamily } from '../../persistence/sessions/token-family.ts';
import type { AuditEvent } from '../audit/actions.ts';
import { recordAudit } from '../audit/record.ts';
import { actorOf, type Caller } from '../caller.ts';

/** @param session a session whose row is locked */
export function revokeSession(
  tx: EntityManager,
  caller: Caller,
  session: TokenFamily,
  reason: RevocationReason,
  now: Date,
): void {
  session.revokedAt = now;
  session.revokedReason = reason;
  const sessionOwnerId = session.user.id;
  recordAudit(tx, caller.client, now, { ...endOf(caller, session.id, reason), sessionOwnerId });
}

export function endOf(caller: Caller, sessionId: string, reason: RevocationReason): AuditEvent {
  return {
    action: 'session.ended',
    ...actorOf(caller),
    target: { type: 'session', id: sessionId },
    sessionId,
    details: { reason },
  };
}

/**
 * Revokes the live sessions that match. Callers lock the users of the sessions first: transactions that lock several
 * sessions then never deadlock.
 * @returns how many sessions were revoked
 */
export async function revokeSessions(
  tx: EntityManager,
  caller: Caller,
  which: object,
  reason: RevocationReason,
  now: Date,
): Promise<number> {
  const sessions = await tx.find(
    TokenFamily,
    { ...which, revokedAt: null, expiresAt: { $gt: now } },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  for (const session of sessions) revokeSession(tx, caller, session, reason, now);
  return sessions.length;
}
