/** `POST /auth/identities`: tokens about a caller for subgraphs, what refuses them, and the secret of the router. */
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createVerifier } from '../../packages/verify/src/verifier.ts';
import { type App, createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { recordPendingDenials } from '../../src/domain/access/denials.ts';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, lockoutOff, type SignedIn, startTestGateway, testSecret } from '../support/gateway/gateway.ts';
import { openStream, sessionEvents } from '../support/gateway/streams.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RevokeApiKeyDocument, SuspendUserDocument } from '../support/generated/graphql.ts';
import { createApiKey, createServiceAccount, issueClientToken } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';

const issuer = 'https://auth.example.com';
const secret = 'nC1k0yYkTn2CVdTqDqX3m3r7ZC1r8VnLZbGmXy0cQ2E=';
const settings = { ...lockoutOff, ROUTER_SECRET: secret, TRUSTED_PROXIES: '127.0.0.1/32' };
const router = { 'router-authorization': secret };
const json = { 'content-type': 'application/json' };

const gateway = useGateway(settings);
let app: App;
let admin: SignedIn;
beforeAll(async () => {
  const environment = { NODE_ENV: 'test', PUBLIC_URL: issuer, DATABASE_URL: gateway.database.url, SECRET: testSecret };
  app = await createApp(readConfig(environment), { clock: gateway.clock });
  admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
});
afterAll(() => app.close());

const post = (body: string, headers: Record<string, string>, url = gateway.url): Promise<Answer> =>
  answerOf(fetch(`${url}/auth/identities`, { method: 'POST', headers, body }));
const ask = (credential: string, audiences: unknown = ['products'], url = gateway.url) =>
  post(JSON.stringify({ audiences }), { ...json, ...router, ...bearer(credential) }, url);

interface Identities {
  caller: { userId: string; sessionId: string | null; role: string; permissions: string[]; kind: string };
  tokens: Record<string, string>;
  expiresIn: number;
}

function identitiesIn({ status, text }: Answer): Identities {
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return JSON.parse(text);
}

async function tokenFor(credential: string, audience = 'products'): Promise<string> {
  return identitiesIn(await ask(credential, [audience])).tokens[audience] ?? '';
}

const verifierOf = (audience?: string) =>
  createVerifier({
    issuer,
    jwksUrl: `${gateway.url}/.well-known/jwks.json`,
    ...(audience !== undefined && { tokens: 'identity', audience }),
    now: () => gateway.clock.now(),
  });

describe('the answer', () => {
  test('has the caller, and a token of a minute for each audience', async () => {
    const { viewer, session, accessToken } = admin;
    const answer = await ask(accessToken, ['products', 'reviews']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { caller, tokens, expiresIn } = identitiesIn(answer);
    expect(caller).toEqual({
      userId: viewer.id,
      sessionId: session.id,
      role: 'SUPER_ADMIN',
      permissions: expect.arrayContaining(['users:read']),
      kind: 'user',
    });
    expect(expiresIn).toBe(60);
    expect(Object.keys(tokens)).toEqual(['products', 'reviews']);
    const claims = Object.values(tokens).map((token) => decodeJwt(token));
    for (const { iat = 0, exp = 0, ...others } of claims) {
      expect(exp - iat).toBe(60);
      const { id: sub } = viewer;
      expect(others).toMatchObject({ iss: issuer, sub, sid: session.id, role: 'SUPER_ADMIN' });
      expect(others.scope).toBe(caller.permissions.join(' '));
    }
    expect(claims.map(({ aud }) => aud)).toEqual(['products', 'reviews']);
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(2);
    expect(decodeProtectedHeader(tokens.products ?? '')).toMatchObject({ alg: 'ES256', typ: 'postern-identity+jwt' });
  });

  test('has the subgraph that each token is for as its own key, whatever its name', async () => {
    const names = ['__proto__', 'constructor', 'a'.repeat(64), '0', '-'];
    const { text } = await ask(admin.accessToken, names);
    for (const name of names) expect(text).toContain(`"${name}":"ey`);
  });

  test('has one token for a repeated audience', async () => {
    const { tokens } = identitiesIn(await ask(admin.accessToken, ['products', 'products']));
    expect(Object.keys(tokens)).toEqual(['products']);
  });

  test('has only the caller without audiences', async () => {
    const { caller, tokens } = identitiesIn(await ask(admin.accessToken, []));
    expect([caller.userId, tokens]).toEqual([admin.viewer.id, {}]);
  });
});

describe('a subgraph', () => {
  test('accepts its own token alone', async () => {
    const token = await tokenFor(admin.accessToken, 'products');
    const { caller } = await verifierOf('products')(token);
    expect(caller).toMatchObject({ kind: 'user', userId: admin.viewer.id, sessionId: admin.session.id });
    expect((await verifierOf('reviews')(token)).problem).toBe('TOKEN_INVALID');
    expect((await verifierOf()(`Bearer ${token}`)).problem).toBe('TOKEN_INVALID');
    expect((await verifierOf('products')(admin.accessToken)).problem).toBe('TOKEN_INVALID');
    const proxied = await fetch(`${gateway.url}/auth/verify`, { headers: bearer(admin.accessToken) });
    expect((await verifierOf('products')(proxied.headers.get('x-auth-token'))).problem).toBe('TOKEN_INVALID');
  });

  test('accepts it for a minute', async () => {
    const token = await tokenFor(admin.accessToken);
    const verify = verifierOf('products');
    gateway.clock.travel(64);
    expect((await verify(token)).problem).toBeNull();
    gateway.clock.travel(1);
    expect((await verify(token)).problem).toBe('TOKEN_EXPIRED');
  });

  test('accepts a token of the next signing key', async () => {
    const before = await tokenFor(admin.accessToken);
    await app.signingKeys.rotate({ force: true });
    const after = await tokenFor(admin.accessToken);
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    const verify = verifierOf('products');
    for (const token of [before, after]) expect((await verify(token)).caller?.userId).toBe(admin.viewer.id);
  });
});

describe('an identity token is no credential of Postern', () => {
  /** Signed by the key of the gateway, so that only what is changed decides. */
  async function signed(claims: Record<string, unknown>, typ: string): Promise<string> {
    const { kid, privateKey } = await app.signingKeys.signing(gateway.clock.now());
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ }).sign(privateKey);
  }

  const variants: [string, (token: string) => Promise<string>][] = [
    ['as it is', async (token) => token],
    [
      'by its type, with the audience of access tokens',
      (token) => signed({ ...decodeJwt(token), aud: issuer }, 'postern-identity+jwt'),
    ],
    ['by its audience, with the type of access tokens', (token) => signed(decodeJwt(token), 'at+jwt')],
  ];

  test('the rest of a variant is right', async () => {
    const token = await signed({ ...decodeJwt(await tokenFor(admin.accessToken)), aud: issuer }, 'at+jwt');
    expect((await fetch(`${gateway.url}/auth/verify`, { headers: bearer(token) })).status).toBe(204);
  });

  test.each(variants)('%s', async (_what, variantOf) => {
    const token = await variantOf(await tokenFor(admin.accessToken));
    const answers = [
      await answerOf(gateway.post({ query: '{ viewer { id } }' }, bearer(token))),
      await answerOf(fetch(`${gateway.url}/auth/verify`, { headers: bearer(token) })),
      await answerOf(fetch(`${gateway.url}/auth/revocations`, { headers: bearer(token) })),
      await ask(token),
    ];
    for (const answer of answers)
      expect(errorOf(answer).extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' });
    const stream = await openStream(gateway.url, { query: sessionEvents }, token);
    expect(stream.text).toContain('TOKEN_INVALID');
    const body = new URLSearchParams({ token });
    const revoked = await fetch(`${gateway.url}/oauth/revoke`, { method: 'POST', body });
    expect(revoked.status).toBe(200);
    expect((await ask(admin.accessToken)).status).toBe(200);
  });
});

describe('a caller has the same outcome as with forward auth', () => {
  const outcomeOf = (answer: Answer) => {
    const { code, reason } = errorOf(answer).extensions;
    return [answer.status, reason ?? code];
  };

  async function expectRefusal(credential: string, outcome: unknown[], url = gateway.url): Promise<void> {
    expect(outcomeOf(await ask(credential, ['products'], url))).toEqual(outcome);
    expect(outcomeOf(await answerOf(fetch(`${url}/auth/verify`, { headers: bearer(credential) })))).toEqual(outcome);
  }

  test('an anonymous one is refused', async () => {
    const answer = await post('{"audiences":["products"]}', { ...json, ...router });
    expect(outcomeOf(answer)).toEqual([401, 'NO_CREDENTIALS']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    const { accessToken } = admin;
    const cookie = await post('{"audiences":[]}', {
      ...json,
      ...router,
      cookie: `__Host-postern_refresh=${accessToken}`,
    });
    expect(outcomeOf(cookie)).toEqual([401, 'NO_CREDENTIALS']);
    await expectRefusal('x.y.z', [401, 'TOKEN_INVALID']);
    await expectRefusal('pst_nothing', [401, 'TOKEN_INVALID']);
  });

  test('an API key of a user', async () => {
    const person = await registerUserWithRole(gateway, 'USER');
    const { id, key } = await createApiKey(gateway, person.accessToken);
    const { caller, tokens } = identitiesIn(await ask(key));
    const { id: userId } = person.viewer;
    expect(caller).toEqual({ userId, sessionId: null, role: 'USER', permissions: ['profile:write'], kind: 'key' });
    const { caller: verified } = await verifierOf('products')(tokens.products);
    expect(verified).toMatchObject({ kind: 'key', userId, apiKeyId: id, permissions: ['profile:write'] });
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, person.accessToken);
    await expectRefusal(key, [401, 'TOKEN_INVALID']);
  });

  test('an API key for its networks alone', async () => {
    const { key } = await createApiKey(gateway, admin.accessToken, { ipAllowlist: ['198.51.100.0/24'] });
    await expectRefusal(key, [403, 'NETWORK_NOT_ALLOWED']);
    const headers = { ...json, ...router, ...bearer(key), 'x-forwarded-for': '198.51.100.7' };
    expect((await post('{"audiences":[]}', headers)).status).toBe(200);
  });

  test('a service account, by its key and by a token of /oauth/token', async () => {
    const serviceAccountId = await createServiceAccount(gateway, admin.accessToken, 'ADMIN');
    const { key } = await createApiKey(gateway, admin.accessToken, { serviceAccountId, scopes: ['users:read'] });
    const { caller, tokens } = identitiesIn(await ask(key));
    expect(caller).toEqual({
      userId: serviceAccountId,
      sessionId: null,
      role: 'ADMIN',
      permissions: ['users:read'],
      kind: 'service',
    });
    expect((await verifierOf('products')(tokens.products)).caller).toMatchObject({ kind: 'service', serviceAccountId });
    const byToken = identitiesIn(await ask(await issueClientToken(gateway, admin.accessToken)));
    expect(byToken.caller.kind).toBe('service');
  });

  test('a user without a session, and a suspended one, are refused', async () => {
    const [left, suspended] = [await gateway.person(), await gateway.person()];
    expect((await ask(left.accessToken)).status).toBe(200);
    await left.signOut();
    await expectRefusal(left.accessToken, [401, 'SESSION_REVOKED']);
    await gateway.send(SuspendUserDocument, { input: { userId: suspended.viewer.id } }, admin.accessToken);
    await expectRefusal(suspended.accessToken, [401, 'SESSION_REVOKED']);
  });

  test('an expired access token is refused', async () => {
    const { accessToken } = await gateway.person();
    gateway.clock.travel(906);
    await expectRefusal(accessToken, [401, 'TOKEN_EXPIRED']);
    admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
  });

  test('a required second factor must be set up', async () => {
    const strict = await startTestGateway({ ...settings, MFA_REQUIRED_FOR: 'ADMIN' }, gateway);
    try {
      const { accessToken } = await registerUserWithRole(gateway, 'ADMIN');
      await expectRefusal(accessToken, [403, 'MFA_ENROLLMENT_REQUIRED'], strict.url);
    } finally {
      await strict.stop();
    }
  });

  test('by the present role', async () => {
    const person = await registerUserWithRole(gateway, 'MODERATOR');
    await gateway.database.query(`update users set role_name = 'USER' where id = $1`, [person.viewer.id]);
    const { caller, tokens } = identitiesIn(await ask(person.accessToken));
    expect([caller.role, decodeJwt(tokens.products ?? '').role]).toEqual(['USER', 'USER']);
  });
});

describe('the body', () => {
  test.each<[string, unknown]>([
    ['no object', 'products'],
    ['null', null],
    ['a list', ['products']],
    ['no audiences', {}],
    ['one audience as text', { audiences: 'products' }],
    ['an object with a length', { audiences: { length: 1, 0: 'products' } }],
    ['51 audiences', { audiences: Array.from({ length: 51 }, (_, index) => `s${index}`) }],
    ['51 times the same', { audiences: Array(51).fill('products') }],
    ['an empty audience', { audiences: [''] }],
    ['an audience of 65 characters', { audiences: ['a'.repeat(65)] }],
    ['capital letters', { audiences: ['Products'] }],
    ['the issuer', { audiences: [issuer] }],
    ['the audience of forward auth', { audiences: [`${issuer}/auth/verify`] }],
    ['a line end', { audiences: ['products\n'] }],
    ['a number', { audiences: [1] }],
    ['a nested list', { audiences: [['products']] }],
  ])('is refused: %s', async (_what, body) => {
    const answer = await post(JSON.stringify(body), { ...json, ...router, ...bearer(admin.accessToken) });
    expect([answer.status, errorOf(answer).extensions.code]).toEqual([400, 'BAD_REQUEST']);
    expect(errorOf(answer).message).toBe(
      'Send {"audiences": […]} with at most 50 audiences: 1 to 64 of a-z, 0-9, _ and -.',
    );
  });

  test.each([
    ['no JSON', '{"audiences":', json, 400],
    ['nothing', '', json, 400],
    ['a form', 'audiences=products', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['text', '{"audiences":[]}', { 'content-type': 'text/plain' }, 415],
    ['100 kB and more', JSON.stringify({ audiences: ['a'.repeat(100_001)] }), json, 413],
  ])('is refused: %s', async (_what, body, type, status) => {
    const answer = await post(body, { ...type, ...router, ...bearer(admin.accessToken) });
    expect([answer.status, errorOf(answer).extensions.code]).toEqual([status, 'BAD_REQUEST']);
  });

  test('may have 50 audiences', async () => {
    const audiences = Array.from({ length: 50 }, (_, index) => `subgraph-${index}`);
    const { tokens } = identitiesIn(await ask(admin.accessToken, audiences));
    expect(Object.keys(tokens)).toEqual(audiences);
  });

  test('is asked for with POST', async () => {
    const answer = await answerOf(fetch(`${gateway.url}/auth/identities`, { headers: router }));
    expect(answer.status).toBe(404);
  });
});

describe('without the secret of the router', () => {
  beforeEach(async () => {
    gateway.clock.travel(120);
    await gateway.database.query('truncate access_denials');
    admin = await registerUserWithRole(gateway, 'SUPER_ADMIN');
  });

  const refused = (headers: Record<string, string>, from = '192.0.2.1') =>
    post('{"audiences":["products"]}', { ...json, ...bearer(admin.accessToken), 'x-forwarded-for': from, ...headers });
  const wrong = { 'router-authorization': `${secret}x` };
  const entriesSince = async (known: number) =>
    (await auditTrail(gateway.database, 'identities.refused'))
      .slice(known)
      .map(({ outcome, actorId, ipAddress, details }) => ({ outcome, actorId, ipAddress, details }));
  const known = async () => (await auditTrail(gateway.database, 'identities.refused')).length;
  const entry = (reason: string, count: number, ipAddress = '192.0.2.1') => ({
    outcome: 'DENIED',
    actorId: null,
    ipAddress,
    details: { reason, count },
  });

  test.each<[string, Record<string, string>, string]>([
    ['none', {}, 'missing_secret'],
    ['an empty one', { 'router-authorization': '' }, 'wrong_secret'],
    ['another one', wrong, 'wrong_secret'],
    ['the secret twice', { 'router-authorization': `${secret}, ${secret}` }, 'wrong_secret'],
    ['a prefix of it', { 'router-authorization': secret.slice(0, -1) }, 'wrong_secret'],
  ])('a request is forbidden, and recorded: %s', async (_what, headers, reason) => {
    const before = await known();
    const answer = await refused(headers);
    expect([answer.status, errorOf(answer).extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect(answer.text).not.toContain(admin.viewer.id);
    expect(await entriesSince(before)).toEqual([entry(reason, 1)]);
  });

  test('the answer is the same for each caller, and for no body', async () => {
    const texts = [
      await refused(wrong),
      await post('', wrong),
      await post('{', { ...json, ...wrong }),
      await post('{"audiences":[]}', { ...json, ...wrong, ...bearer('x.y.z') }),
    ].map(({ status, errors }) => [status, errors[0]?.message]);
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1);
  });

  test('many requests of a source have one entry a minute, with their number', async () => {
    const before = await known();
    await Promise.all(Array.from({ length: 12 }, () => refused(wrong)));
    await refused(wrong, '198.51.100.9');
    expect(await entriesSince(before)).toEqual(
      expect.arrayContaining([entry('wrong_secret', 1), entry('wrong_secret', 1, '198.51.100.9')]),
    );
    expect(await entriesSince(before)).toHaveLength(2);
    gateway.clock.travel(60);
    await refused(wrong);
    expect((await entriesSince(before)).slice(2)).toEqual([entry('wrong_secret', 12)]);
  });

  test('maintenance records the last of them', async () => {
    const before = await known();
    for (let index = 0; index < 3; index += 1) await refused(wrong);
    gateway.clock.travel(60);
    expect(await recordPendingDenials(app.dependencies())).toBe(1);
    expect(await entriesSince(before)).toEqual([entry('wrong_secret', 1), entry('wrong_secret', 2)]);
  });

  test('a request is forbidden although it cannot be recorded', async () => {
    await gateway.database.query('alter table access_denials rename to access_denials_away');
    try {
      expect((await refused(wrong)).status).toBe(403);
    } finally {
      await gateway.database.query('alter table access_denials_away rename to access_denials');
    }
    expect(gateway.logs.join('')).toContain('a refused router could not be put on the audit trail');
  });

  test('and without a secret in the settings, every request is forbidden', async () => {
    const open = await startTestGateway(lockoutOff, gateway);
    try {
      const { status } = await post('{"audiences":[]}', { ...json, ...router, ...bearer(admin.accessToken) }, open.url);
      expect(status).toBe(403);
    } finally {
      await open.stop();
    }
  });

  test('the source has a limit, which the router does not have', async () => {
    const limited = await startTestGateway({ ...settings, RATE_LIMITS: 'anonymous=3/1m,authenticated=off' }, gateway);
    try {
      const statuses = [];
      const known = { ...json, ...router, ...bearer(admin.accessToken), 'x-forwarded-for': '192.0.2.1' };
      for (let index = 0; index < 5; index += 1)
        statuses.push((await post('', { ...wrong, 'x-forwarded-for': '192.0.2.1' }, limited.url)).status);
      expect(statuses).toEqual([403, 403, 403, 429, 429]);
      for (let index = 0; index < 5; index += 1)
        expect((await post('{"audiences":[]}', known, limited.url)).status).toBe(200);
    } finally {
      await limited.stop();
    }
  });
});
