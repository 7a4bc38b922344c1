/** What a client gets when it signs in or refreshes: the one place where tokens are minted for a session. */

import type { SessionStateRow } from '../persistence/queries/session-state.ts';
import { claimsVersion, signAccessToken } from '../security/access-token.ts';
import { type AssuranceLevel, type AuthMethod, type Caller, type Session, type Viewer, viewerFrom } from './caller.ts';
import { secondsAfter } from './clock.ts';
import type { DomainDependencies } from './dependencies.ts';
import { newId } from './ids.ts';

export interface AuthSession {
  accessToken: string;
  accessTokenExpiresAt: Date;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  refreshTokenExpiresAt: Date;
  csrfToken: string;
  session: Session;
  viewer: Viewer;
}

/** RFC 8176's names for the ways of signing in. A passkey proves the possession of a key, wherever that is kept. */
const methodReferences = { PASSWORD: 'pwd', TOTP: 'otp', BACKUP_CODE: 'otp', PASSKEY: 'pop' } as const;

/** @param generation which refresh token to hand out: the session's newest, or the same successor once more */
export async function issueTokens(
  { clock, settings, signingKeys, refreshTokens, csrfTokens }: DomainDependencies,
  { client }: Caller,
  state: SessionStateRow,
  generation: number,
): Promise<AuthSession> {
  const now = clock.now();
  const viewer = viewerFrom(state, client, settings, now);
  const { id: sessionId, expiresAt, methods, assurance } = viewer.session;
  const accessTokenExpiresAt = earlier(secondsAfter(now, settings.accessTokenTtlSeconds), expiresAt);
  const claims = {
    iss: settings.issuer,
    aud: settings.issuer,
    sub: viewer.id,
    sid: sessionId,
    iat: epochSeconds(now),
    exp: epochSeconds(accessTokenExpiresAt),
    jti: newId(now),
    auth_time: epochSeconds(new Date(state.authenticatedAt)),
    amr: referencesOf(methods, assurance),
    acr: assurance,
    role: viewer.role.name,
    scope: viewer.role.permissions.join(' '),
    ver: claimsVersion,
  };
  return {
    accessToken: signAccessToken(claims, await signingKeys.signing(now)),
    accessTokenExpiresAt,
    expiresIn: claims.exp - claims.iat,
    refreshToken: refreshTokens.mint({ familyId: sessionId, generation }),
    refreshTokenExpiresAt: expiresAt,
    csrfToken: csrfTokens.mint(sessionId),
    session: viewer.session,
    viewer,
  };
}

function referencesOf(methods: readonly AuthMethod[], assurance: AssuranceLevel): string[] {
  const references = new Set<string>(methods.map((method) => methodReferences[method]));
  return assurance === 'AAL2' ? [...references, 'mfa'] : [...references];
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function epochSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
