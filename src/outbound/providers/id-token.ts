/** Verifies the ID tokens that native apps receive from Google and Apple (OpenID Connect Core 1.0, 3.1.3.7). */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { CustomFetch } from 'openid-client';
import { ProviderFailure } from './errors.ts';
import type { ProviderServer } from './provider-server.ts';

export interface IdTokenCheck {
  idToken: string;
  /** The value that the app chose for this sign-in. */
  nonce: string;
  now: Date;
  /** An older token is rejected. */
  maxAgeSeconds: number;
}

const algorithms = ['RS256', 'ES256'];
const clockToleranceSeconds = 30;

/** The published keys, which it caches. */
export function providerKeys(fetch: CustomFetch, jwksUri: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUri), {
    [customFetch]: (url, { method, headers }) =>
      fetch(url, { method, headers: Object.fromEntries(headers), body: null, redirect: 'manual' }),
  });
}

export async function verifyIdToken(
  keys: JWTVerifyGetKey,
  { issuer, clientId, nativeClientIds, kind }: ProviderServer,
  { idToken, nonce, now, maxAgeSeconds }: IdTokenCheck,
): Promise<Readonly<Record<string, unknown>>> {
  const { payload } = await jwtVerify(idToken, keys, {
    issuer,
    audience: [clientId, ...nativeClientIds],
    algorithms,
    clockTolerance: clockToleranceSeconds,
    currentDate: now,
    maxTokenAge: maxAgeSeconds,
    requiredClaims: ['exp', 'iat', 'sub', 'nonce'],
  });
  // Apple's libraries send the SHA-256 of the nonce.
  const expected = kind === 'APPLE' ? [nonce, createHash('sha256').update(nonce).digest('hex')] : [nonce];
  const given = payload.nonce;
  if (typeof given !== 'string' || !expected.includes(given))
    throw new ProviderFailure('PROVIDER_REFUSED', 'another nonce');
  const { aud, azp } = payload;
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined)
    throw new ProviderFailure('PROVIDER_REFUSED', 'several audiences without azp');
  if (azp !== undefined && ![clientId, ...nativeClientIds].includes(String(azp)))
    throw new ProviderFailure('PROVIDER_REFUSED', 'issued to another client');
  return payload;
}
