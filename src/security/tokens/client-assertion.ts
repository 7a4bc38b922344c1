/**
 * Client assertions (`private_key_jwt`, RFC 7523): JWTs that a client signs to authenticate at `/oauth/token`. Only
 * asymmetric algorithms are accepted, so that a public key never serves as the secret of an HMAC.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

export interface PublicJwks {
  keys: Record<string, unknown>[];
}

export interface Assertion {
  clientId: string;
  jti: string;
  expiresAt: Date;
}

export const assertionAlgorithms = ['ES256', 'ES384', 'RS256', 'PS256'] as const;

const maxAssertionLength = 8192;
const maxKeys = 10;
/** An assertion is made for one request. */
const maxLifetimeSeconds = 300;
const clockToleranceSeconds = 5;
const maxJtiLength = 256;
const minRsaBits = 2048;
const curves: readonly unknown[] = ['P-256', 'P-384'];

/** @returns null unless it is a set of 1 to 10 public keys that assertions may be signed with */
export function readPublicJwks(value: Record<string, unknown>): PublicJwks | null {
  const { keys } = value;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > maxKeys) return null;
  const read = keys.map((key: unknown) => (isRecord(key) && publicKeyOf(key) !== null ? key : null));
  return read.every((key) => key !== null) ? { keys: read } : null;
}

/** @returns what the assertion says about its sender, unchecked */
export function clientIdOfAssertion(assertion: string): string | null {
  if (assertion.length > maxAssertionLength) return null;
  const claims = jwt.decode(assertion);
  return typeof claims === 'object' && typeof claims?.sub === 'string' ? claims.sub : null;
}

/** @returns null for an assertion that none of the keys has signed, or that is not for this client, audience and time */
export function openAssertion(
  assertion: string,
  {
    jwks,
    clientId,
    audiences,
    now,
  }: { jwks: PublicJwks; clientId: string; audiences: [string, ...string[]]; now: Date },
): Assertion | null {
  const kid = jwt.decode(assertion, { complete: true })?.header.kid;
  const candidates = jwks.keys.filter((key) => kid === undefined || key.kid === undefined || key.kid === kid);
  for (const candidate of candidates) {
    const key = publicKeyOf(candidate);
    const opened = key && verify(assertion, key, { clientId, audiences, now });
    if (opened) return opened;
  }
  return null;
}

function verify(
  assertion: string,
  key: KeyObject,
  { clientId, audiences, now }: { clientId: string; audiences: [string, ...string[]]; now: Date },
): Assertion | null {
  const seconds = Math.floor(now.getTime() / 1000);
  try {
    const claims = jwt.verify(assertion, key, {
      algorithms: [...assertionAlgorithms],
      issuer: clientId,
      subject: clientId,
      audience: audiences,
      clockTimestamp: seconds,
      clockTolerance: clockToleranceSeconds,
    });
    if (typeof claims === 'string') return null;
    const { exp, jti, iss, sub, aud } = claims;
    if (iss === undefined || sub === undefined || aud === undefined || exp === undefined) return null;
    if (exp - seconds > maxLifetimeSeconds + clockToleranceSeconds) return null;
    if (typeof jti !== 'string' || jti === '' || jti.length > maxJtiLength) return null;
    return { clientId, jti, expiresAt: new Date((exp + clockToleranceSeconds) * 1000) };
  } catch {
    return null;
  }
}

/** @returns null for a private, weak or unsupported key */
function publicKeyOf(jwk: Record<string, unknown>): KeyObject | null {
  if ('d' in jwk || 'k' in jwk || (jwk.kty === 'EC' && !curves.includes(jwk.crv))) return null;
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    if (key.asymmetricKeyType === 'ec') return key;
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= minRsaBits ? key : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
