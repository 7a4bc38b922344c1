/** Asks the hook `customizeClaims` again when a session is refreshed. The session keeps the answer until the next refresh. */
import type { SessionStateRow } from '../../persistence/sessions/session-state.ts';
import { storeClaims } from '../../persistence/sessions/store-claims.ts';
import type { Caller } from '../caller.ts';
import { decide } from '../hooks/decide.ts';
import type { SessionDeps } from './deps.ts';
import { presentProof } from './factor-proof.ts';

/**
 * After a failure that does not matter, the session keeps the claims that it has.
 * @throws Refusal SERVICE_UNAVAILABLE: the client presents the same refresh token again
 */
export async function withRefreshedClaims(
  unit: SessionDeps,
  caller: Caller,
  state: SessionStateRow,
): Promise<SessionStateRow> {
  if (!unit.hooks.has('customizeClaims')) return state;
  const { userId: id, email, role, sessionId } = state;
  const session = { id: sessionId, ...presentProof(state) };
  const answer = await decide(unit, caller, 'customizeClaims', { user: { id, email, role }, session });
  if (answer === null) return state;
  await storeClaims(unit.em, { sessionId, claimsExt: answer.ext });
  return { ...state, claimsExt: answer.ext };
}
