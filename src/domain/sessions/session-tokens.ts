/** What a refresh token and its CSRF token say about their session, without a look at the database. */
import type { SessionDeps } from './deps.ts';

type Tokens = Pick<SessionDeps, 'refreshTokens' | 'csrfTokens'>;

/** @returns the id of the session, or null for tokens that this deployment did not mint */
export function sessionIdOf({ refreshTokens }: Pick<Tokens, 'refreshTokens'>, refreshToken: string): string | null {
  return refreshTokens.open(refreshToken)?.familyId ?? null;
}

/** Whether the CSRF token belongs to the session of the refresh token. Compares in constant time. */
export function isCsrfToken({ refreshTokens, csrfTokens }: Tokens, csrfToken: string, refreshToken: string): boolean {
  const claims = refreshTokens.open(refreshToken);
  return claims !== null && csrfTokens.matches(csrfToken, claims.familyId);
}
