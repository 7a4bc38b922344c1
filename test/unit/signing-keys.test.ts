/** Signing keys (security/keys/signing-keys.ts), checked against `jose` as an independent implementation. */
import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { generateSigningKey, readPrivateKey, readPublicKey } from '../../src/security/keys/signing-keys.ts';
import { type AccessTokenClaims, signAccessToken } from '../../src/security/tokens/access-token.ts';

const now = new Date('2026-03-01T12:00:00Z');
const claims: AccessTokenClaims = {
  iss: 'https://auth.example.com',
  aud: 'https://auth.example.com',
  sub: '01981c9e-6f00-7a3b-8c4d-5e6f708192a3',
  sid: '01981c9e-6f00-7a3b-8c4d-5e6f708192a4',
  iat: now.getTime() / 1000,
  exp: now.getTime() / 1000 + 900,
  jti: '01981c9e-6f00-7a3b-8c4d-5e6f708192a5',
  auth_time: now.getTime() / 1000,
  amr: ['pwd'],
  acr: 'AAL1',
  role: 'USER',
  scope: 'profile:write sessions:own',
  ver: 1,
};

test('a key is named by the thumbprint that jose calculates (RFC 7638)', async () => {
  const { kid, publicJwk } = generateSigningKey();
  expect(kid).toBe(await calculateJwkThumbprint(publicJwk, 'sha256'));
});

test('an id is no option on a command line', () => {
  // One id in 64 begins with "-" by chance.
  const ids = Array.from({ length: 400 }, () => generateSigningKey().kid);
  expect(ids.filter((kid) => kid.startsWith('-'))).toEqual([]);
});

test('no two keys are equal', () => {
  const [one, two] = [generateSigningKey(), generateSigningKey()];
  expect(one.kid).not.toBe(two.kid);
  expect(one.privateKey).not.toEqual(two.privateKey);
});

test('the public part contains nothing private', () => {
  const { publicJwk } = generateSigningKey();
  expect(Object.keys(publicJwk).toSorted()).toEqual(['crv', 'kty', 'x', 'y']);
  expect(publicJwk).toMatchObject({ kty: 'EC', crv: 'P-256' });
});

test('both parts can be read back, and belong together', () => {
  const { publicJwk, privateKey } = generateSigningKey();
  expect(readPrivateKey(privateKey)).toMatchObject({ type: 'private', asymmetricKeyType: 'ec' });
  expect(readPublicKey(publicJwk)).toMatchObject({ type: 'public', asymmetricKeyType: 'ec' });
  expect(readPrivateKey(privateKey).export({ format: 'jwk' })).toMatchObject(publicJwk);
});

test('jose verifies a token of the gateway with the published key', async () => {
  const { kid, publicJwk, privateKey } = generateSigningKey();
  const token = signAccessToken(claims, { kid, privateKey: readPrivateKey(privateKey) });
  const verified = await jwtVerify(token, await importJWK(publicJwk, 'ES256'), {
    algorithms: ['ES256'],
    issuer: claims.iss,
    audience: claims.aud,
    typ: 'at+jwt',
    currentDate: now,
  });
  expect(verified.protectedHeader).toEqual({ alg: 'ES256', kid, typ: 'at+jwt' });
  expect(verified.payload).toEqual(claims);
});

test('jose refuses the token with another key', async () => {
  const { kid, privateKey } = generateSigningKey();
  const token = signAccessToken(claims, { kid, privateKey: readPrivateKey(privateKey) });
  const other = await importJWK(generateSigningKey().publicJwk, 'ES256');
  await expect(jwtVerify(token, other, { currentDate: now })).rejects.toThrow('signature verification failed');
});
