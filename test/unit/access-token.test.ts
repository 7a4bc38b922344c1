/** Access tokens (security/tokens/access-token.ts): a genuine one is valid, and every known forgery is refused. */
import { createHmac, type KeyObject, sign } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { generateSigningKey, readPrivateKey, readPublicKey } from '../../src/security/keys/signing-keys.ts';
import {
  type AccessTokenClaims,
  claimsVersion,
  keyIdOf,
  openAccessToken,
  signAccessToken,
  type VerificationKey,
} from '../../src/security/tokens/access-token.ts';
import { VerifiedTokens } from '../../src/security/tokens/verified-tokens.ts';

const issuer = 'https://auth.example.com';
const now = new Date('2026-03-01T12:00:00Z');
const seconds = now.getTime() / 1000;

const ours = keyPair();
const foreign = keyPair();
const signing = { publicKey: ours.publicKey, retiredAt: null, publishedUntil: null };

const claims: AccessTokenClaims = {
  iss: issuer,
  aud: issuer,
  sub: '01981c9e-6f00-7a3b-8c4d-5e6f708192a3',
  sid: '01981c9e-6f00-7a3b-8c4d-5e6f708192a4',
  iat: seconds,
  exp: seconds + 900,
  jti: '01981c9e-6f00-7a3b-8c4d-5e6f708192a5',
  auth_time: seconds,
  amr: ['pwd'],
  acr: 'AAL1',
  role: 'USER',
  scope: 'profile:write sessions:own',
  ver: claimsVersion,
};
const header = { alg: 'ES256', kid: ours.kid, typ: 'at+jwt' };

function keyPair() {
  const { kid, publicJwk, privateKey } = generateSigningKey();
  return { kid, publicKey: readPublicKey(publicJwk), privateKey: readPrivateKey(privateKey) };
}

type Signer = (input: string) => Buffer;

/** ECDSA with SHA-256, as ES256 requires. */
const es256 =
  (key: KeyObject): Signer =>
  (input) =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });

/** A compact JWT with any header and payload, signed in any way. */
function forge(head: unknown, payload: unknown, signer: Signer = es256(ours.privateKey)): string {
  const input = [head, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${input}.${signer(input).toString('base64url')}`;
}

const verified = new VerifiedTokens();

/** The result must be the same for a token that was verified before. */
function open(token: string, at = now, key: VerificationKey = signing) {
  const keyOf = (kid: string) => (kid === ours.kid ? key : undefined);
  const verification = { keyOf, issuer, audience: issuer, now: at };
  const opened = openAccessToken(token, verification);
  expect(verified.open(token, verification)).toEqual(opened);
  expect(verified.open(token, verification)).toEqual(opened);
  return opened;
}

const invalid = { problem: 'TOKEN_INVALID' };

describe('valid tokens', () => {
  test('a token signed by the gateway is valid and returns its claims', () => {
    expect(open(signAccessToken(claims, ours))).toEqual({ claims, kid: ours.kid });
  });

  test('a token signed by the test itself is valid, so that the refusals below have their own reasons', () => {
    expect(open(forge(header, claims))).toEqual({ claims, kid: ours.kid });
  });

  test('a token signed by jose is valid', async () => {
    const key = await importPKCS8(ours.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'ES256');
    const token = await new SignJWT({ ...claims, amr: [...claims.amr] }).setProtectedHeader(header).sign(key);
    expect(open(token)).toEqual({ claims, kid: ours.kid });
  });

  test('the header names algorithm, key and type, and nothing else', () => {
    const [head = ''] = signAccessToken(claims, ours).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual(header);
  });

  test('an `iat` ahead of the clock is ignored, because the gateway sets it', () => {
    expect(open(forge(header, { ...claims, iat: seconds + 60 }))).toHaveProperty('claims.iat', seconds + 60);
  });

  test('signing does not change the claims', () => {
    const given = Object.freeze({ ...claims });
    expect(() => signAccessToken(given, ours)).not.toThrow();
  });

  test('keyIdOf returns the key id of a token', () => {
    expect(keyIdOf(signAccessToken(claims, ours))).toBe(ours.kid);
  });
});

describe('time', () => {
  test.each([-900, -1, 0, 4])('%i seconds past its expiry a token is still valid', (late) => {
    expect(open(signAccessToken(claims, ours), new Date((claims.exp + late) * 1000))).toEqual({
      claims,
      kid: ours.kid,
    });
  });

  test.each([5, 6, 60, 86_400])('%i seconds past its expiry it has expired', (late) => {
    const at = new Date((claims.exp + late) * 1000);
    expect(open(signAccessToken(claims, ours), at)).toEqual({ problem: 'TOKEN_EXPIRED' });
  });

  test('the injected clock decides, not the system clock', () => {
    const past = { ...claims, iat: 1000, auth_time: 1000, exp: 1900 };
    expect(open(signAccessToken(past, ours), new Date(1_500_000))).toEqual({ claims: past, kid: ours.kid });
  });

  test('an expired token of another key is invalid, not expired', () => {
    const token = forge(header, { ...claims, exp: seconds - 3600 }, es256(foreign.privateKey));
    expect(open(token)).toEqual(invalid);
  });
});

describe('forged signatures', () => {
  test.each(['none', 'None', 'NONE', 'nOnE'])('the algorithm %s is refused', (alg) => {
    expect(open(forge({ ...header, alg }, claims, () => Buffer.alloc(0)))).toEqual(invalid);
  });

  test('a token without its signature is refused', () => {
    expect(open(forge(header, claims, () => Buffer.alloc(0)))).toEqual(invalid);
  });

  const publicKeySpellings: readonly [string, string | Buffer][] = [
    ['PEM', ours.publicKey.export({ format: 'pem', type: 'spki' })],
    ['PEM without its last line break', ours.publicKey.export({ format: 'pem', type: 'spki' }).toString().trimEnd()],
    ['DER', ours.publicKey.export({ format: 'der', type: 'spki' })],
    ['JWK', JSON.stringify(ours.publicKey.export({ format: 'jwk' }))],
  ];
  describe.each(['HS256', 'HS384', 'HS512', 'ES256'])('with the header saying %s', (alg) => {
    test.each(publicKeySpellings)('an HMAC with our public key in %s as its secret is refused', (_form, secret) => {
      const hash = alg === 'ES256' ? 'sha256' : `sha${alg.slice(2)}`;
      const hmac: Signer = (input) => createHmac(hash, secret).update(input).digest();
      expect(open(forge({ ...header, alg }, claims, hmac))).toEqual(invalid);
    });
  });

  test('a token signed with another key under our key id is refused', () => {
    expect(open(forge(header, claims, es256(foreign.privateKey)))).toEqual(invalid);
  });

  test('a token with an unpublished key id is refused', () => {
    expect(open(signAccessToken(claims, foreign))).toEqual(invalid);
  });

  test('a key in the header is ignored', () => {
    const jwk = foreign.publicKey.export({ format: 'jwk' });
    expect(open(forge({ ...header, jwk }, claims, es256(foreign.privateKey)))).toEqual(invalid);
  });

  test.each([
    ['missing', undefined],
    ['a number', 1],
    ['null', null],
    ['a list', [ours.kid]],
    ['empty', ''],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
  ])('a key id that is %s is refused', (_what, kid) => {
    expect(open(forge({ ...header, kid }, claims))).toEqual(invalid);
  });

  test.each(['ES384', 'RS256', 'PS256', 'EdDSA', 'es256', ''])('the algorithm %j is refused', (alg) => {
    expect(open(forge({ ...header, alg }, claims))).toEqual(invalid);
  });

  test('a DER signature in place of the raw one is refused', () => {
    const der: Signer = (input) => sign('sha256', Buffer.from(input), ours.privateKey);
    expect(open(forge(header, claims, der))).toEqual(invalid);
  });

  test('an all-zero signature is refused (CVE-2022-21449)', () => {
    expect(open(forge(header, claims, () => Buffer.alloc(64)))).toEqual(invalid);
  });

  test('changed claims with the old signature are refused', () => {
    const [head, , signature] = signAccessToken(claims, ours).split('.');
    const payload = Buffer.from(JSON.stringify({ ...claims, role: 'SUPER_ADMIN' })).toString('base64url');
    expect(open([head, payload, signature].join('.'))).toEqual(invalid);
  });
});

describe('type, issuer and audience', () => {
  test.each(['JWT', 'at+JWT', 'application/at+jwt', 'id+jwt', '', undefined, null, 1])(
    'the type %j is refused',
    (typ) => {
      expect(open(forge({ ...header, typ }, claims))).toEqual(invalid);
    },
  );

  test.each([
    ['another issuer', { iss: 'https://evil.example.com' }],
    ['an issuer with a trailing slash', { iss: `${issuer}/` }],
    ['several issuers', { iss: [issuer] }],
    ['another audience', { aud: 'https://other.example.com' }],
    ['several audiences including ours', { aud: [issuer, 'https://other.example.com'] }],
    ['a list with our audience only', { aud: [issuer] }],
    ['an empty list of audiences', { aud: [] }],
  ])('%s is refused', (_what, change) => {
    expect(open(forge(header, { ...claims, ...change }))).toEqual(invalid);
  });

  test('a token that is not valid yet is refused', () => {
    expect(open(forge(header, { ...claims, nbf: seconds + 60 }))).toEqual(invalid);
  });
});

describe('claims', () => {
  test.each(Object.keys(claims))('a token without `%s` is refused', (name) => {
    const rest = Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
    expect(open(forge(header, rest))).toEqual(invalid);
  });

  test.each(Object.keys(claims))('a token whose `%s` is null is refused', (name) => {
    expect(open(forge(header, { ...claims, [name]: null }))).toEqual(invalid);
  });

  test.each(Object.keys(claims))('a token whose `%s` is an object is refused', (name) => {
    expect(open(forge(header, { ...claims, [name]: { $ne: '' } }))).toEqual(invalid);
  });

  test.each(['iat', 'exp', 'auth_time', 'ver'])('a token whose `%s` is not a whole number is refused', (name) => {
    expect(open(forge(header, { ...claims, [name]: `${seconds}` }))).toEqual(invalid);
    expect(open(forge(header, { ...claims, [name]: seconds + 900.5 }))).toEqual(invalid);
  });

  test('methods that are not a list are refused', () => {
    expect(open(forge(header, { ...claims, amr: 'pwd' }))).toEqual(invalid);
  });

  test.each([0, 2, claimsVersion + 1])('claims of version %i are refused', (ver) => {
    expect(open(forge(header, { ...claims, ver }))).toEqual(invalid);
  });

  test.each(['text', '"quoted"', 'null', '[]', '1', 'true'])('a payload that is %s is refused', (payload) => {
    const input = [JSON.stringify(header), payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
    expect(open(`${input}.${es256(ours.privateKey)(input).toString('base64url')}`)).toEqual(invalid);
  });
});

describe('a retired key', () => {
  const retiredAt = now;
  const published = { publicKey: ours.publicKey, retiredAt, publishedUntil: new Date(now.getTime() + 1500_000) };
  const unpublished = { ...published, publishedUntil: now };
  const after = (elapsed: number) => new Date(now.getTime() + elapsed * 1000);
  const issuedAt = (iat: number, lifetime = 900) => signAccessToken({ ...claims, iat, exp: iat + lifetime }, ours);

  test('accepts a token signed before its retirement while it is published', () => {
    expect(open(issuedAt(seconds), after(899), published)).toHaveProperty('claims.iat', seconds);
    expect(open(issuedAt(seconds + 5), after(899), published)).toHaveProperty('claims.iat', seconds + 5);
  });

  test.each([6, 60, 1400])('refuses a token signed %i seconds after its retirement', (late) => {
    expect(open(issuedAt(seconds + late), after(late), published)).toEqual(invalid);
  });

  test('accepts nothing after it is unpublished, and still reports an expired token as expired', () => {
    expect(open(issuedAt(seconds - 10), now, unpublished)).toEqual(invalid);
    expect(open(issuedAt(seconds - 1000), now, unpublished)).toEqual({ problem: 'TOKEN_EXPIRED' });
  });

  test.each([3601, 86_400, 10 * 365 * 86_400])('a token with a lifetime of %i seconds is refused', (lifetime) => {
    expect(open(issuedAt(seconds, lifetime))).toEqual(invalid);
    expect(open(issuedAt(seconds, 3600))).toHaveProperty('claims');
  });
});

describe('size and shape', () => {
  const withScope = (length: number) => signAccessToken({ ...claims, scope: 'x'.repeat(length) }, ours);

  test('a valid token just under 8 kB is accepted', () => {
    const token = withScope(5500);
    expect(token.length).toBeGreaterThan(7500);
    expect(token.length).toBeLessThanOrEqual(8192);
    expect(open(token)).toHaveProperty('claims.sub', claims.sub);
  });

  test('a valid token over 8 kB is refused before it is parsed', () => {
    const token = withScope(6000);
    expect(token.length).toBeGreaterThan(8192);
    expect(open(token)).toEqual(invalid);
    expect(keyIdOf(token)).toBeNull();
  });

  const genuine = signAccessToken(claims, ours);
  test.each([
    ['nothing', ''],
    ['dots', '..'],
    ['a word', 'token'],
    ['three words', 'one.two.three'],
    ['control characters', '\u0000\u0001.\u0002.\u0003'],
    ['a token with an extra part', `${genuine}.x`],
    ['a token without its last part', genuine.slice(0, genuine.lastIndexOf('.'))],
    ['a token after a blank', ` ${genuine}`],
    ['a header that is not JSON', `${Buffer.from('{').toString('base64url')}.e30.x`],
    ['a header that is null', `${Buffer.from('null').toString('base64url')}.e30.x`],
    ['a header that is a list', `${Buffer.from('[]').toString('base64url')}.e30.x`],
  ])('%s is refused', (_what, text) => {
    expect(open(text)).toEqual(invalid);
  });

  test('a key look-up that throws is a refusal, not an error', () => {
    const keyOf = () => {
      throw new Error('no keys');
    };
    expect(openAccessToken(genuine, { keyOf, issuer, audience: issuer, now })).toEqual(invalid);
  });
});

describe('a token that was opened before', () => {
  const token = signAccessToken(claims, ours);
  const verification = (key: VerificationKey | undefined, at = now) => ({
    keyOf: () => key,
    issuer,
    audience: issuer,
    now: at,
  });

  function opened(): VerifiedTokens {
    const tokens = new VerifiedTokens();
    expect(tokens.open(token, verification(signing))).toEqual({ claims, kid: ours.kid });
    return tokens;
  }

  test('expires at its time', () => {
    const at = new Date((claims.exp + 5) * 1000);
    expect(opened().open(token, verification(signing, at))).toEqual({ problem: 'TOKEN_EXPIRED' });
  });

  test('is invalid once its key is revoked, and once its key is no longer published', () => {
    expect(opened().open(token, verification(undefined))).toEqual(invalid);
    const unpublished = { ...signing, retiredAt: now, publishedUntil: now };
    expect(opened().open(token, verification(unpublished))).toEqual(invalid);
  });

  test('is invalid when another key has its kid', () => {
    expect(opened().open(token, verification({ ...signing, publicKey: foreign.publicKey }))).toEqual(invalid);
  });
});
