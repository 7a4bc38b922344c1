/**
 * Refreshes sessions. A session is stored as a token family (RFC 9700 4.14.2): one row, whose generation decides which
 * refresh token is valid.
 */
import { findSessionState } from '../../persistence/sessions/session-state.ts';
import type { RefreshTokenClaims } from '../../security/tokens/refresh-token.ts';
import type { AuditAction } from '../audit/actions.ts';
import { personalPart } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { newId } from '../ids.ts';
import { type AuthSession, issueTokens } from './auth-session.ts';
import type { SessionDeps } from './deps.ts';
import { classifyOldToken, handleOldToken, standingOf } from './old-refresh-token.ts';
import { withRefreshedClaims } from './refreshed-claims.ts';

/**
 * Rotates the refresh token. The predecessor of the current token gets the same successor again during the grace period
 * (a second tab), and until a client has used the successor (a lost answer). Any other old token was copied: it revokes
 * the session.
 * @throws Refusal INVALID_REFRESH_TOKEN
 */
export async function refreshSession(unit: SessionDeps, caller: Caller, token: string): Promise<AuthSession> {
  const { rotations, clock, refreshTokens, metrics } = unit;
  const claims = refreshTokens.open(token);
  if (!claims) {
    metrics.refresh('not_ours');
    throw new Refusal('INVALID_REFRESH_TOKEN', { detail: 'not ours' });
  }
  const now = clock.now();
  const action: AuditAction = 'session.refreshed';
  const { requestId } = caller.client;
  const audit = { id: newId(now), action, requestId, ...personalPart(caller.client) };
  const rotated = await rotations.load({ ...claims, now, audit });
  if (!rotated) return repeatSuccessor(unit, caller, claims, now);
  metrics.refresh('rotated');
  return issueTokens(unit, caller, await withRefreshedClaims(unit, caller, rotated), rotated.generation);
}

/** One read finds the tokens that get their successor again; only the others take the lock of the session. */
async function repeatSuccessor(
  unit: SessionDeps,
  caller: Caller,
  claims: RefreshTokenClaims,
  now: Date,
): Promise<AuthSession> {
  const { em, settings, metrics } = unit;
  const state = await findSessionState(em, claims.familyId);
  const seen = state && classifyOldToken(standingOf(state), claims, now, settings.refreshGraceSeconds);
  const verdict = seen === 'successor' ? seen : await handleOldToken(unit, caller, claims);
  metrics.refresh(verdict === 'successor' ? 'repeated' : verdict);
  if (verdict === 'reused') metrics.tokenReused();
  if (state === null || verdict !== 'successor') throw new Refusal('INVALID_REFRESH_TOKEN', { detail: verdict });
  return issueTokens(unit, caller, await withRefreshedClaims(unit, caller, state), claims.generation + 1);
}
