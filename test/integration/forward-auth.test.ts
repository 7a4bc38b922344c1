/** Forward auth: the headers that a proxy gets about a caller, and that an unknown parameter refuses every request. */
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVerifier } from '../../packages/verify/src/verifier.ts';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, type SignedIn, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { LogoutDocument } from '../support/generated/graphql.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';

const issuer = 'https://auth.example.com';

const signedIn = new Map<string, SignedIn>();
const gateway = useGateway();
beforeAll(async () => {
  for (const role of ['GUEST', 'USER', 'MODERATOR', 'ADMIN', 'SUPER_ADMIN'])
    signedIn.set(role, await registerUserWithRole(gateway, role));
});

function tokenOf(role: string): string {
  const session = signedIn.get(role);
  if (!session) throw new Error(`no user is ${role}`);
  return session.accessToken;
}

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  answerOf(fetch(`${gateway.url}${path}`, { method, headers }));
const askAs = (role: string, path = '/auth/verify', method = 'GET') => ask(path, bearer(tokenOf(role)), method);

describe('a signed-in user', () => {
  test('is admitted, and the service receives the identity', async () => {
    const { status, headers, text } = await askAs('USER');
    expect([status, text]).toEqual([204, '']);
    expect(headers.get('x-auth-user')).toBe(signedIn.get('USER')?.viewer.id);
    expect(headers.get('x-auth-role')).toBe('USER');
    expect(headers.get('x-auth-scopes')).toBe('profile:write sessions:own mfa:own keys:own');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('gets the same response to HEAD', async () => {
    const { status, headers } = await askAs('USER', '/auth/verify', 'HEAD');
    expect(status).toBe(204);
    expect(headers.get('x-auth-user')).toBe(signedIn.get('USER')?.viewer.id);
  });

  test('with a changed role is checked by the new one', async () => {
    const session = await registerUserWithRole(gateway, 'MODERATOR');
    await gateway.database.query(`update users set role_name = 'USER' where id = $1`, [session.viewer.id]);
    const { headers } = await ask('/auth/verify', bearer(session.accessToken));
    expect(headers.get('x-auth-role')).toBe('USER');
    expect((await ask('/auth/verify?role=MODERATOR', bearer(session.accessToken))).status).toBe(403);
  });
});

describe('the identity token', () => {
  const jwksUrl = () => `${gateway.url}/.well-known/jwks.json`;
  const issued = async () => (await askAs('ADMIN')).headers.get('x-auth-token') ?? '';

  test('has the same identity, for a minute, and a service can verify it', async () => {
    const verify = createVerifier({ issuer, jwksUrl: jwksUrl(), tokens: 'identity', now: () => gateway.clock.now() });
    const token = await issued();
    const { caller } = await verify(token);
    expect(caller).toMatchObject({ userId: signedIn.get('ADMIN')?.viewer.id, role: 'ADMIN', assurance: 'AAL1' });
    expect(caller?.permissions).toContain('users:write');
    const { iat = 0, exp = 0 } = decodeJwt(token);
    expect(exp - iat).toBe(60);
  });

  test('has another type and another audience than access tokens', async () => {
    const token = await issued();
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'postern-identity+jwt' });
    expect(decodeJwt(token).aud).toBe(`${issuer}/auth/verify`);
  });

  test('is not an access token: neither for the gateway nor for a verifier of access tokens', async () => {
    const token = await issued();
    expect((await ask('/auth/verify', bearer(token))).status).toBe(401);
    const answer = await answerOf(gateway.post({ query: '{ viewer { id } }' }, bearer(token)));
    expect(errorOf(answer).extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' });
    const verify = createVerifier({ issuer, jwksUrl: jwksUrl(), now: () => gateway.clock.now() });
    expect((await verify(`Bearer ${token}`)).problem).toBe('TOKEN_INVALID');
  });
});

describe('a request is refused', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['without a token', {}, 'NO_CREDENTIALS', 'Bearer'],
    ['with an invalid token', bearer('x.y.z'), 'TOKEN_INVALID', 'Bearer error="invalid_token"'],
    ['with another scheme', { authorization: 'Basic dTpw' }, 'TOKEN_INVALID', 'Bearer error="invalid_token"'],
    ['with a cookie alone', { cookie: '__Host-postern_refresh=x' }, 'NO_CREDENTIALS', 'Bearer'],
    [
      'with identity headers of its own',
      { 'x-auth-user': 'root', 'x-auth-role': 'SUPER_ADMIN' },
      'NO_CREDENTIALS',
      'Bearer',
    ],
  ])('%s', async (_what, headers, reason, challenge) => {
    const answer = await ask('/auth/verify', headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
    expect(errorOf(answer).extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('x-auth-'))).toEqual([]);
  });

  test('after the sign-out, before the token expires', async () => {
    const session = await registerUserWithRole(gateway, 'USER');
    const headers = bearer(session.accessToken);
    expect((await ask('/auth/verify', headers)).status).toBe(204);
    await gateway.send(LogoutDocument, { input: {} }, session.accessToken);
    const answer = await ask('/auth/verify', headers);
    expect(answer.status).toBe(401);
    expect(errorOf(answer).extensions.reason).toBe('SESSION_REVOKED');
  });
});

describe('a required role', () => {
  test.each([
    ['GUEST', 'USER', 403],
    ['USER', 'USER', 204],
    ['USER', 'GUEST', 204],
    ['USER', 'MODERATOR', 403],
    ['MODERATOR', 'ADMIN', 403],
    ['ADMIN', 'MODERATOR', 204],
    ['SUPER_ADMIN', 'ADMIN', 204],
  ])('%s when %s or above is required: %i', async (role, demanded, status) => {
    expect((await askAs(role, `/auth/verify?role=${demanded}`)).status).toBe(status);
  });

  test.each(['UNKNOWN', '', 'user', 'USER%20', "USER'--"])(
    'that does not exist (%s) admits no user',
    async (demanded) => {
      expect((await askAs('SUPER_ADMIN', `/auth/verify?role=${demanded}`)).status).toBe(403);
    },
  );

  test('in a list of several must each be met', async () => {
    expect((await askAs('MODERATOR', '/auth/verify?role=USER&role=ADMIN')).status).toBe(403);
    expect((await askAs('ADMIN', '/auth/verify?role=USER&role=ADMIN')).status).toBe(204);
  });
});

describe('a required scope', () => {
  test('is a permission of the current role', async () => {
    expect((await askAs('MODERATOR', '/auth/verify?scope=users:moderate')).status).toBe(204);
    const answer = await askAs('USER', '/auth/verify?scope=users:moderate');
    expect(answer.status).toBe(403);
    expect(errorOf(answer).extensions).toMatchObject({ code: 'FORBIDDEN', requiredPermission: 'users:moderate' });
  });

  test('in a list of several must each be met, beside the role', async () => {
    const query = '?scope=users:read&scope=users:write';
    expect((await askAs('MODERATOR', `/auth/verify${query}`)).status).toBe(403);
    expect((await askAs('ADMIN', `/auth/verify${query}`)).status).toBe(204);
    expect((await askAs('ADMIN', `/auth/verify${query}&role=SUPER_ADMIN`)).status).toBe(403);
  });

  test.each(['', 'users:read users:write', 'users:*', '__proto__'])('%j is a scope that no user has', async (scope) => {
    expect((await askAs('SUPER_ADMIN', `/auth/verify?scope=${encodeURIComponent(scope)}`)).status).toBe(403);
  });
});

describe('an unknown parameter', () => {
  test.each([
    '?role=USER',
    'role=USER?role=ADMIN',
    'scope=users:read?',
    'role=USER?x',
    '?',
    'roles=ADMIN',
    'Role=ADMIN',
    'permission=users:read',
    'role[]=USER',
    'x',
  ])('refuses every request: %s', async (query) => {
    const answer = await askAs('SUPER_ADMIN', `/auth/verify?${query}`);
    expect(answer.status).toBe(403);
    expect(errorOf(answer).extensions.code).toBe('FORBIDDEN');
  });
});

describe('a second factor that the role requires', () => {
  let strict: TestGateway;
  beforeAll(async () => {
    strict = await startTestGateway({ MFA_REQUIRED_FOR: 'ADMIN' }, gateway);
  });
  afterAll(() => strict.stop());
  const askStrictly = (role: string) =>
    answerOf(fetch(`${strict.url}/auth/verify`, { headers: bearer(tokenOf(role)) }));

  test('must be set up first', async () => {
    const answer = await askStrictly('ADMIN');
    expect([answer.status, errorOf(answer).extensions.code]).toEqual([403, 'MFA_ENROLLMENT_REQUIRED']);
    expect((await askStrictly('USER')).status).toBe(204);
  });

  test('must have been used in this session', async () => {
    const admin = signedIn.get('ADMIN')?.viewer.id;
    await gateway.database.query('update users set mfa_enabled_at = now() where id = $1', [admin]);
    const answer = await askStrictly('ADMIN');
    expect([answer.status, errorOf(answer).extensions.code]).toEqual([403, 'REAUTHENTICATION_REQUIRED']);
    await gateway.database.query(
      `insert into totp_secrets (user_id, secret_sealed, last_step, created_at, confirmed_at) values ($1, '', 0, now(), now())`,
      [admin],
    );
    await gateway.database.query('update token_families set proven_totp_user_id = user_id where user_id = $1', [admin]);
    expect((await askStrictly('ADMIN')).status).toBe(204);
  });
});

describe('Envoy', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'repeats the request with %s, path and query, and gets its 200',
    async (method) => {
      const answer = await askAs('USER', '/auth/verify/any/path?role=SUPER_ADMIN&x=1', method);
      expect([answer.status, answer.text]).toEqual([200, '']);
      expect(answer.headers.get('x-auth-role')).toBe('USER');
      expect((await ask('/auth/verify/any/path', {}, method)).status).toBe(401);
    },
  );

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])(
    'gets its 200 at the root of the prefix as well: %s',
    async (method) => {
      for (const query of ['', '?role=SUPER_ADMIN', '?x=1?y=2']) {
        const answer = await askAs('USER', `/auth/verify/${query}`, method);
        expect([answer.status, answer.text]).toEqual([200, '']);
        expect(answer.headers.get('x-auth-role')).toBe('USER');
      }
      expect((await ask('/auth/verify/', {}, method)).status).toBe(401);
    },
  );

  test('gets no other path from an encoded one', async () => {
    expect((await ask('/auth/verify/..%2f..%2flivez')).status).toBe(401);
  });
});

test('gets no other method of the plain address', async () => {
  expect((await askAs('USER', '/auth/verify', 'POST')).status).toBe(404);
  expect((await askAs('USER', '/auth/verify', 'DELETE')).status).toBe(405);
});
