/** Issues the tokens of a session, at sign-in and at refresh. */

import type { SessionStateRow } from '../../persistence/sessions/session-state.ts';
import { signAccessToken } from '../../security/tokens/access-token.ts';
import { claimsAbout, epochSeconds } from '../access/claims.ts';
import type { Caller, Session, Viewer } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import type { SessionDeps } from './deps.ts';
import { viewerFrom } from './viewer.ts';

export interface AuthSession {
  accessToken: string;
  accessTokenExpiresAt: Date;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
  session: Session;
  viewer: Viewer;
}

/** Postern is the only client that obtains tokens from itself; RFC 9068 2.2 requires the claim. */
const clientId = 'postern';

/** @param generation of the refresh token: the newest of the session, or a successor that is issued again */
export async function issueTokens(
  { clock, settings, signingKeys, refreshTokens }: SessionDeps,
  { client }: Caller,
  state: SessionStateRow,
  generation: number,
): Promise<AuthSession> {
  const now = clock.now();
  signingKeys.notice(state.signingKid);
  const viewer = viewerFrom(state, client, settings, now);
  const { id: sessionId, expiresAt } = viewer.session;
  const accessTokenExpiresAt = earlier(secondsAfter(now, settings.accessTokenTtlSeconds), expiresAt);
  const ttlSeconds = epochSeconds(accessTokenExpiresAt) - epochSeconds(now);
  const claims = {
    ...claimsAbout(viewer, { issuer: settings.issuer, audience: settings.issuer, now, ttlSeconds }),
    client_id: clientId,
    gen: generation,
  };
  return {
    accessToken: signAccessToken(claims, await signingKeys.signing(now)),
    accessTokenExpiresAt,
    expiresIn: ttlSeconds,
    refreshToken: refreshTokens.mint({ familyId: sessionId, generation }),
    refreshTokenExpiresAt: expiresAt,
    session: viewer.session,
    viewer,
  };
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
