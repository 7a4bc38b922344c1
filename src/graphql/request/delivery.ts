/**
 * How the tokens of a session travel: in the response (bearer), or in cookies that scripts cannot read. A cookie is
 * accepted only with the CSRF token of the session and from an allowed origin (ASVS 3.5.1); a token in the input needs
 * neither.
 */

import { Refusal } from '../../domain/errors.ts';
import type { AuthSession as IssuedSession } from '../../domain/sessions/auth-session.ts';
import { isCsrfToken, sessionIdOf } from '../../domain/sessions/session-tokens.ts';
import type { SignedIn } from '../../domain/sign-in/sign-in.ts';
import type { AuthSession, Delivery } from '../types/auth-session.ts';
import type { Context } from './context.ts';

export function deliver(
  session: IssuedSession & { deviceToken?: string },
  delivery: Delivery,
  { cookies, unit }: Context,
): AuthSession {
  const { refreshToken, refreshTokenExpiresAt, deviceToken = null, ...rest } = session;
  if (delivery === 'BEARER') {
    return { ...rest, refreshToken, refreshTokenExpiresAt, csrfToken: null, deviceToken };
  }
  cookies.keepSession(refreshToken, refreshTokenExpiresAt);
  if (deviceToken !== null) cookies.keepDevice(deviceToken);
  const csrfToken = unit.csrfTokens.mint(session.session.id);
  return { ...rest, refreshToken: null, refreshTokenExpiresAt, csrfToken, deviceToken: null };
}

/** The outcome of a sign-in: a session is delivered, a next step is returned unchanged. */
export function deliverOutcome<NextStep extends object>(
  outcome: SignedIn | NextStep,
  context: Context,
): AuthSession | NextStep {
  return isSignedIn(outcome) ? deliver(outcome, outcome.delivery, context) : outcome;
}

/** A flow that belongs to a browser continues with its cookie. */
export function deliverFlow<Begun extends { browserToken: string | null; expiresAt: Date }>(
  { browserToken, ...begun }: Begun,
  { cookies }: Context,
): Omit<Begun, 'browserToken'> {
  if (browserToken !== null) cookies.keepFlow(browserToken, begun.expiresAt);
  return begun;
}

function isSignedIn(outcome: object): outcome is SignedIn {
  return 'accessToken' in outcome;
}

/** @returns the token for the response, or null when a cookie carries it */
export function deliverDevice(deviceToken: string, delivery: Delivery, { cookies }: Context): string | null {
  if (delivery === 'BEARER') return deviceToken;
  cookies.keepDevice(deviceToken);
  return null;
}

/**
 * The token to refresh with, and the delivery of its successor: the same as that of the token.
 * @throws Refusal CSRF_FAILED, INVALID_REFRESH_TOKEN
 */
export function takeRefreshToken(
  input: string | null | undefined,
  context: Context,
): { token: string; delivery: Delivery } {
  if (input) return { token: input, delivery: 'BEARER' };
  const { cookies, unit } = context;
  if (cookies.refreshToken === null) throw new Refusal('INVALID_REFRESH_TOKEN', { detail: 'none given' });
  const genuine = isCsrfToken(unit, cookies.csrfToken ?? '', cookies.refreshToken);
  if (!cookies.originAllowed || !genuine) throw new Refusal('CSRF_FAILED');
  return { token: cookies.refreshToken, delivery: 'COOKIE' };
}

/**
 * The delivery of the next tokens for the session of the access token: by cookie when its refresh token is in one. The
 * bearer token identifies the caller and the cookie is not used up, so no CSRF token is needed; and a missing one must
 * not move the refresh token into the reach of scripts.
 */
export function deliveryOfSession({ caller, cookies, unit }: Context): Delivery {
  const inCookie = cookies.refreshToken === null ? null : sessionIdOf(unit, cookies.refreshToken);
  return inCookie !== null && inCookie === caller.viewer?.session.id ? 'COOKIE' : 'BEARER';
}

/**
 * The token to sign out with. A stale CSRF token must not keep a user signed in, so the origin alone decides.
 * @throws Refusal CSRF_FAILED
 */
export function takeLogoutToken(input: string | null | undefined, { cookies, caller }: Context): string | null {
  if (input || cookies.refreshToken === null) return input || null;
  if (cookies.originAllowed) return cookies.refreshToken;
  if (caller.viewer) return null;
  throw new Refusal('CSRF_FAILED');
}
