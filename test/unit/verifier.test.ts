/**
 * The verifier for other services (packages/verify): accepted and refused tokens, and how often it fetches the keys.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createVerifier, type Verifier } from '../../packages/verify/src/verifier.ts';
import { createTestClock, type TestClock } from '../support/gateway/clock.ts';
import { until } from '../support/races/until.ts';
import { createPair, type KeyServer, type SigningPair, sign, startKeyServer } from '../support/servers/key-server.ts';

const issuer = 'https://auth.example.com';
const maxAgeSeconds = 300;
const graceSeconds = 3600;
const cooldownSeconds = 5;

let clock: TestClock;
let server: KeyServer;
let first: SigningPair;
let verify: Verifier;
beforeEach(async () => {
  clock = createTestClock();
  [server, first] = await Promise.all([startKeyServer(), createPair('first')]);
  server.publish(first);
  verify = newVerifier();
});
afterEach(() => server.stop());

const newVerifier = () => createVerifier({ issuer, jwksUrl: server.url, now: () => clock.now() });
const seconds = () => Math.floor(clock.now().getTime() / 1000);
const claims = (): Record<string, unknown> => ({
  iss: issuer,
  aud: issuer,
  sub: 'user-1',
  sid: 'session-1',
  iat: seconds(),
  exp: seconds() + 900,
  jti: 'token-1',
  auth_time: seconds() - 60,
  amr: ['pwd', 'otp', 'mfa'],
  acr: 'AAL2',
  role: 'USER',
  scope: 'profile:write sessions:own',
  ver: 1,
});
const tokenOf = (pair = first, changes: Record<string, unknown> = {}, header: object = {}) =>
  sign(pair, { ...claims(), ...changes }, header);
const problemWith = async (token: Promise<string> | string, by = verify) => (await by(`Bearer ${await token}`)).problem;

describe('a caller', () => {
  test('has the claims of the token, typed', async () => {
    expect(await verify(`Bearer ${await tokenOf()}`)).toEqual({
      caller: {
        kind: 'user',
        userId: 'user-1',
        sessionId: 'session-1',
        role: 'USER',
        permissions: ['profile:write', 'sessions:own'],
        ext: {},
        authenticatedAt: new Date((seconds() - 60) * 1000),
        assurance: 'AAL2',
        methods: ['pwd', 'otp', 'mfa'],
        expiresAt: new Date((seconds() + 900) * 1000),
      },
      problem: null,
    });
  });

  test('has the claims of the hook of the operator, which are an object', async () => {
    const withExt = async (ext: unknown) => verify(`Bearer ${await tokenOf(first, { ext })}`);
    expect((await withExt({ team: 'engines' })).caller?.ext).toEqual({ team: 'engines' });
    for (const ext of ['engines', ['engines'], null, 1]) expect((await withExt(ext)).problem).toBe('TOKEN_INVALID');
  });

  test('without permissions has none', async () => {
    const { caller } = await verify(`bearer  ${await tokenOf(first, { scope: '' })} `);
    expect(caller?.permissions).toEqual([]);
  });

  test.each([undefined, null, ''])('is absent without a header: %j', async (header) => {
    expect(await verify(header)).toEqual({ caller: null, problem: 'NO_CREDENTIALS' });
    expect(server.requests()).toBe(0);
  });

  test.each(['Bearer', 'Bearer ', 'Basic dTpw', 'Bearer a b', 'token', `Bearer ${'x'.repeat(8193)}`, 'Bearer x.y.z'])(
    'is absent when the header is %s',
    async (header) => {
      expect(await verify(header)).toEqual({ caller: null, problem: 'TOKEN_INVALID' });
      expect(server.requests()).toBe(0);
    },
  );
});

describe('a token is refused', () => {
  test.each<[string, Record<string, unknown>]>([
    ['of another issuer', { iss: 'https://evil.example.com' }],
    ['for another audience', { aud: 'https://other.example.com' }],
    ['for no audience', { aud: undefined }],
    ['without an issuer', { iss: undefined }],
    ['without an expiry', { exp: undefined }],
    ['that is not valid yet', { nbf: 4_102_444_800 }],
    ['without a user', { sub: undefined }],
    ['with an empty user', { sub: '' }],
    ['without a session', { sid: undefined }],
    ['without a role', { role: undefined }],
    ['with a role that is not text', { role: { admin: true } }],
    ['without permissions', { scope: undefined }],
    ['with permissions as a list', { scope: ['users:read'] }],
    ['without the time of sign-in', { auth_time: undefined }],
    ['without a level of assurance', { acr: undefined }],
    ['with an unknown level', { acr: 'AAL3' }],
    ['without methods', { amr: undefined }],
    ['of another version', { ver: 2 }],
  ])('%s', async (_what, changes) => {
    expect(await problemWith(tokenOf(first, changes))).toBe('TOKEN_INVALID');
  });

  test.each<[string, object]>([
    ['of another type', { typ: 'JWT' }],
    ['of no type', { typ: undefined }],
    ['that is an identity token of forward auth', { typ: 'postern-identity+jwt' }],
    ['without a key id', { kid: undefined }],
    ['with its own key', { jwk: { kty: 'EC' }, kid: 'mine' }],
  ])('%s', async (_what, header) => {
    expect(await problemWith(tokenOf(first, {}, header))).toBe('TOKEN_INVALID');
  });

  test.each([3601, 10 * 365 * 86_400])(
    'with a lifetime of %i seconds, which the gateway never issues',
    async (lifetime) => {
      expect(await problemWith(tokenOf(first, { exp: seconds() + lifetime }))).toBe('TOKEN_INVALID');
    },
  );

  test('signed by another key with the same key id', async () => {
    expect(await problemWith(tokenOf(await createPair('first')))).toBe('TOKEN_INVALID');
  });

  test('with changed claims', async () => {
    const [header, body = '', signature] = (await tokenOf()).split('.');
    const raised = JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), role: 'SUPER_ADMIN' });
    const forged = [header, Buffer.from(raised).toString('base64url'), signature].join('.');
    expect(await problemWith(forged)).toBe('TOKEN_INVALID');
  });

  test.each(['none', 'HS256'])('that claims the algorithm %s', async (alg) => {
    const [, body, signature] = (await tokenOf()).split('.');
    const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt', kid: 'first' })).toString('base64url');
    expect(await problemWith([header, body, alg === 'none' ? '' : signature].join('.'))).toBe('TOKEN_INVALID');
  });

  test('that has expired beyond the permitted clock skew', async () => {
    const token = await tokenOf();
    clock.travel(904);
    expect(await problemWith(token)).toBeNull();
    clock.travel(1);
    expect(await problemWith(token)).toBe('TOKEN_EXPIRED');
  });

  test('that has expired and is forged: it is invalid, not expired', async () => {
    expect(await problemWith(tokenOf(await createPair('first'), { exp: seconds() - 60 }))).toBe('TOKEN_INVALID');
  });
});

describe('an identity token of forward auth', () => {
  const identity = { aud: `${issuer}/auth/verify` };
  const header = { typ: 'postern-identity+jwt' };
  const newIdentityVerifier = () =>
    createVerifier({ issuer, jwksUrl: server.url, tokens: 'identity', now: () => clock.now() });

  test('is read as it stands in its header', async () => {
    const verifyIdentity = newIdentityVerifier();
    expect((await verifyIdentity(await tokenOf(first, identity, header))).caller?.userId).toBe('user-1');
    expect(await verifyIdentity(undefined)).toEqual({ caller: null, problem: 'NO_CREDENTIALS' });
  });

  test('is not an access token, and the reverse', async () => {
    expect(await problemWith(tokenOf(first, identity, header))).toBe('TOKEN_INVALID');
    expect(await problemWith(tokenOf(first, identity))).toBe('TOKEN_INVALID');
    const verifyIdentity = newIdentityVerifier();
    for (const token of [await tokenOf(), await tokenOf(first, identity), await tokenOf(first, {}, header)]) {
      expect((await verifyIdentity(token)).problem).toBe('TOKEN_INVALID');
    }
  });
});

describe('an identity token for a subgraph', () => {
  const identity = { aud: 'products' };
  const header = { typ: 'postern-identity+jwt' };
  const options = () => ({ issuer, jwksUrl: server.url, now: () => clock.now() });
  const verifierOf = (audience: string) => createVerifier({ ...options(), tokens: 'identity', audience });

  test('is read as it stands in its header, and needs no revocation feed', async () => {
    const { caller, problem } = await verifierOf('products')(await tokenOf(first, identity, header));
    expect([caller?.userId, problem]).toEqual(['user-1', null]);
    expect((await verifierOf('products')(undefined)).problem).toBe('NO_CREDENTIALS');
  });

  test('is for this subgraph alone', async () => {
    const token = await tokenOf(first, identity, header);
    const others = [verifierOf('reviews'), verifierOf('product'), createVerifier({ ...options(), tokens: 'identity' })];
    for (const other of others) expect((await other(token)).problem).toBe('TOKEN_INVALID');
    expect(await problemWith(token)).toBe('TOKEN_INVALID');
  });

  test.each<[string, Record<string, unknown>, object]>([
    ['an access token', {}, {}],
    ['an access token for this audience', identity, {}],
    ['an identity token for the issuer', { aud: issuer }, header],
    ['an identity token of forward auth', { aud: `${issuer}/auth/verify` }, header],
    ['an identity token for no audience', { aud: undefined }, header],
    ['an identity token of another issuer', { ...identity, iss: 'https://evil.example.com' }, header],
  ])('%s is no such token', async (_what, changes, changedHeader) => {
    const token = await tokenOf(first, changes, changedHeader);
    expect((await verifierOf('products')(token)).problem).toBe('TOKEN_INVALID');
  });

  test('in a doubled header, or as a bearer token, is refused', async () => {
    const token = await tokenOf(first, identity, header);
    for (const text of [`${token}, ${token}`, `${token},${token}`, `Bearer ${token}`, ` ${token}`])
      expect((await verifierOf('products')(text)).problem).toBe('TOKEN_INVALID');
  });

  test.each(['', 'Products', 'a b', 'x'.repeat(65), issuer])('cannot have the audience %j', (audience) => {
    expect(() => verifierOf(audience)).toThrow(TypeError);
  });

  test('has an audience, and an access token has none of its own', () => {
    expect(() => createVerifier({ ...options(), audience: 'products' })).toThrow('Use tokens: "identity"');
    expect(() => createVerifier({ ...options(), tokens: 'access', audience: 'products' })).toThrow(TypeError);
  });
});

describe('the keys', () => {
  test('are fetched once for a hundred first tokens, and cached', async () => {
    const token = await tokenOf();
    await Promise.all(Array.from({ length: 100 }, () => problemWith(token)));
    clock.travel(maxAgeSeconds - 1);
    expect(await problemWith(token)).toBeNull();
    expect(server.requests()).toBe(1);
  });

  test('are refreshed after their lifetime, without delaying any caller', async () => {
    expect(await problemWith(tokenOf())).toBeNull();
    clock.travel(maxAgeSeconds);
    server.behave('hang');
    expect(await problemWith(tokenOf())).toBeNull();
    await until('the second look', () => server.requests() === 2);
  });

  test('a rotated key is found with its first token', async () => {
    expect(await problemWith(tokenOf())).toBeNull();
    const second = await createPair('second');
    server.publish(first, second);
    clock.travel(cooldownSeconds);
    expect(await problemWith(tokenOf(second))).toBeNull();
    expect(await problemWith(tokenOf(first))).toBeNull();
    expect(server.requests()).toBe(2);
  });

  test('an unpublished key is dropped', async () => {
    expect(await problemWith(tokenOf())).toBeNull();
    server.publish(await createPair('second'));
    clock.travel(maxAgeSeconds);
    await problemWith(tokenOf());
    await until('the second look', async () => (await problemWith(tokenOf())) === 'TOKEN_INVALID');
  });

  test('forged key ids cause a request every five seconds at most', async () => {
    await problemWith(tokenOf());
    for (let second = 0; second < 20; second += 1) {
      const forged = Array.from({ length: 20 }, async (_, index) =>
        tokenOf(await createPair(`forged-${second}-${index}`)),
      );
      for (const token of await Promise.all(forged)) expect(await problemWith(token)).toBe('TOKEN_INVALID');
      clock.travel(1);
    }
    expect(server.requests()).toBeLessThanOrEqual(1 + 20 / cooldownSeconds);
  });

  test('stay in use for an hour while Postern is down, then no token is accepted', async () => {
    expect(await problemWith(tokenOf())).toBeNull();
    server.behave('fail');
    for (let age = 60; age < maxAgeSeconds + graceSeconds; age += 60) {
      clock.travel(60);
      expect(await problemWith(tokenOf())).toBeNull();
    }
    clock.travel(60);
    expect(await problemWith(tokenOf())).toBe('KEYS_UNAVAILABLE');
    server.behave('well');
    clock.travel(cooldownSeconds);
    expect(await problemWith(tokenOf())).toBeNull();
  });

  test.each<[string, Parameters<KeyServer['behave']>[0]]>([
    ['an outage', 'fail'],
    ['no JSON', (response) => void response.end('<html>')],
    ['no keys', (response) => void response.end('{"keys":[]}')],
    ['malformed keys', (response) => void response.end('{"keys":[null,7,{"kty":"oct","k":"AAAA","kid":"first"}]}')],
    ['a redirect', (response) => void response.writeHead(302, { location: '/elsewhere' }).end()],
  ])('a failed first fetch gives no caller, and no error: %s', async (_what, how) => {
    server.behave(how);
    expect(await problemWith(tokenOf())).toBe('KEYS_UNAVAILABLE');
    server.behave('well');
    clock.travel(cooldownSeconds);
    expect(await problemWith(tokenOf())).toBeNull();
  });

  test('are at the issuer’s well-known address by default', async () => {
    const here = server.url.replace('/keys', '');
    const by = createVerifier({ issuer: `${here}/`, now: () => clock.now() });
    let path: string | undefined;
    server.behave((response) => {
      path = response.req.url;
      response.writeHead(404).end();
    });
    expect(await problemWith(tokenOf(), by)).toBe('KEYS_UNAVAILABLE');
    expect(path).toBe('/.well-known/jwks.json');
  });
});
