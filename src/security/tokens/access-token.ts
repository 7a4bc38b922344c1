/**
 * Access tokens: JWTs signed with ES256 (RFC 9068). This file checks the signature and the times of a token;
 * domain/sessions/authentication.ts checks its session.
 */
import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

export interface AccessTokenClaims {
  iss: string;
  aud: string;
  sub: string;
  sid: string;
  iat: number;
  exp: number;
  jti: string;
  auth_time: number;
  amr: readonly string[];
  acr: string;
  role: string;
  /** Permissions joined by spaces (RFC 8693 4.2). */
  scope: string;
  /** Version of this set of claims. */
  ver: number;
  /** What the operator's hook has added. Postern itself reads nothing in it. */
  ext?: Readonly<Record<string, unknown>>;
  /** RFC 9068 2.2. Absent from tokens of versions before 0.2, which live for an hour at most. */
  client_id?: string;
  /** The generation of refresh token that was issued together with this token. Absent as `client_id` is. */
  gen?: number;
}

/** A token for a program: no session and no authentication of a user stands behind it. */
export interface MachineClaims {
  iss: string;
  aud: string;
  /** The service account, or the user of a personal API key. */
  sub: string;
  iat: number;
  exp: number;
  jti: string;
  amr: readonly [];
  role: string;
  scope: string;
  ver: number;
  /** The service account. Absent for a personal API key. */
  client_id?: string;
  /** The API key of the call. Absent for a token of `/oauth/token`. */
  api_key?: string;
}

/** A token of `/oauth/token`: of a service account, and not of one API key. */
export type ClientTokenClaims = Omit<MachineClaims, 'api_key'> & { client_id: string; sid?: never };

export const claimsVersion = 1;

/** A token that one of our keys has signed. */
export interface GenuineToken {
  claims: AccessTokenClaims | ClientTokenClaims;
  kid: string;
}

export type OpenedToken = GenuineToken | { problem: 'TOKEN_EXPIRED' | 'TOKEN_INVALID' };

/** A longer token is rejected before it is read. */
const maxTokenLength = 8192;
const clockToleranceSeconds = 5;
/** ACCESS_TOKEN_TTL is at most this long. */
const maxLifetimeSeconds = 3600;
const tokenType = 'at+jwt';

export function signAccessToken(
  claims: AccessTokenClaims | ClientTokenClaims,
  key: { kid: string; privateKey: KeyObject },
): string {
  // noTimestamp: `iat` comes from the injected clock.
  return jwt.sign({ ...claims }, key.privateKey, {
    algorithm: 'ES256',
    header: { alg: 'ES256', kid: key.kid, typ: tokenType },
  });
}

/** @returns the key a token says it was signed with, or null when it is not an access token */
export function keyIdOf(token: string): string | null {
  if (token.length > maxTokenLength) return null;
  try {
    const header = jwt.decode(token, { complete: true })?.header;
    return header?.typ === tokenType && header.alg === 'ES256' && typeof header.kid === 'string' ? header.kid : null;
  } catch {
    return null;
  }
}

/** @param token one that was accepted */
export function endOfToken(token: string): Date {
  const claims = jwt.decode(token);
  if (typeof claims !== 'object' || claims?.exp === undefined) throw new Error('the token has no end');
  return new Date(claims.exp * 1000);
}

/** Only a published key accepts a token. One that is published no longer can only tell that a token has expired. */
export interface VerificationKey {
  publicKey: KeyObject;
  /** The time at which it stopped signing; null: it signs. */
  retiredAt: Date | null;
  /** The time at which it leaves the JWKS; null: not set. */
  publishedUntil: Date | null;
}

export interface Verification {
  keyOf(kid: string): VerificationKey | undefined;
  issuer: string;
  audience: string;
  now: Date;
}

export function openAccessToken(token: string, { keyOf, issuer, audience, now }: Verification): OpenedToken {
  try {
    const kid = keyIdOf(token);
    const key = kid === null ? undefined : keyOf(kid);
    if (kid === null || !key) return { problem: 'TOKEN_INVALID' };
    const claims = jwt.verify(token, key.publicKey, {
      algorithms: ['ES256'],
      issuer,
      audience,
      clockTimestamp: Math.floor(now.getTime() / 1000),
      clockTolerance: clockToleranceSeconds,
    });
    return isComplete(claims) ? checkToken({ claims, kid }, key, now) : { problem: 'TOKEN_INVALID' };
  } catch (error) {
    return { problem: error instanceof jwt.TokenExpiredError ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID' };
  }
}

/** What can change after the signature was checked: the time, and how long the key is published. */
export function checkToken(token: GenuineToken, key: VerificationKey, now: Date): OpenedToken {
  const { claims, kid } = token;
  if (now.getTime() / 1000 >= claims.exp + clockToleranceSeconds) return { problem: 'TOKEN_EXPIRED' };
  return mayHaveSigned(key, claims, now) ? { claims, kid } : { problem: 'TOKEN_INVALID' };
}

/** A token that has not expired is accepted from a published key only, and only if that key signed at the time. */
function mayHaveSigned(
  { retiredAt, publishedUntil }: VerificationKey,
  { iat, exp }: GenuineToken['claims'],
  now: Date,
) {
  if (exp - iat > maxLifetimeSeconds) return false;
  if (publishedUntil !== null && publishedUntil <= now) return false;
  return retiredAt === null || iat <= retiredAt.getTime() / 1000 + clockToleranceSeconds;
}

const strings = ['iss', 'aud', 'sub', 'jti', 'role', 'scope'] as const;
const numbers = ['iat', 'exp', 'ver'] as const;
/** A token with some of them is of a session, and needs all of them. */
const ofSession = ['sid', 'acr', 'auth_time'] as const;

/** jsonwebtoken checks `exp`, `iss` and `aud` only when they are present, so this requires every claim. */
function isComplete(claims: string | jwt.JwtPayload): claims is jwt.JwtPayload & GenuineToken['claims'] {
  return (
    typeof claims === 'object' &&
    strings.every((name) => typeof claims[name] === 'string') &&
    numbers.every((name) => Number.isSafeInteger(claims[name])) &&
    Array.isArray(claims.amr) &&
    claims.ver === claimsVersion &&
    (ofSession.some((name) => claims[name] !== undefined) ? isOfSession(claims) : isOfClient(claims))
  );
}

function isOfSession({ sid, acr, auth_time, gen }: jwt.JwtPayload): boolean {
  const isNamed = typeof sid === 'string' && typeof acr === 'string' && Number.isSafeInteger(auth_time);
  return isNamed && (gen === undefined || Number.isSafeInteger(gen));
}

function isOfClient({ client_id, sub, amr, gen }: jwt.JwtPayload): boolean {
  return client_id === sub && amr.length === 0 && gen === undefined;
}
