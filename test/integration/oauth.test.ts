/** `/oauth/token`, `/oauth/introspect` and `/oauth/revoke`, with openid-client as the client of service accounts. */
import { createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose';
import jwt from 'jsonwebtoken';
import * as client from 'openid-client';
import { beforeEach, describe, expect, test } from 'vitest';
import { createVerifier } from '../../packages/verify/src/verifier.ts';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  RevokeClientSecretDocument,
  SetServiceAccountJwksDocument,
  SuspendServiceAccountDocument,
} from '../support/generated/graphql.ts';
import { createApiKey, createClientSecret, createServiceAccount, machineOf } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';

const issuer = 'https://auth.example.com';
const gateway = useGateway();

let accessToken = '';
// Tests move the clock, and administration needs a recent authentication.
beforeEach(async () => {
  accessToken = (await registerUserWithRole(gateway, 'SUPER_ADMIN')).accessToken;
});

/** openid-client knows the public address only. */
const customFetch: client.CustomFetch = (url, { body = null, ...options }) =>
  fetch(url.replace(issuer, gateway.url), { ...options, body: body instanceof Uint8Array ? Buffer.from(body) : body });

const discover = (id: string, authentication: client.ClientAuth) =>
  client.discovery(new URL(issuer), id, undefined, authentication, {
    algorithm: 'oauth2',
    [client.customFetch]: customFetch,
  });

async function newClient(role = 'MODERATOR') {
  const id = await createServiceAccount(gateway, accessToken, role);
  const { secret } = await createClientSecret(gateway, accessToken, id);
  return { id, secret };
}

const form = (path: string, parameters: Record<string, string> | string, headers: Record<string, string> = {}) =>
  answerOf(
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString(),
    }),
  );
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const grant = { grant_type: 'client_credentials' };

async function tokenOf(id: string, secret: string, scope?: string): Promise<string> {
  const { text } = await form('/oauth/token', { ...grant, ...(scope && { scope }) }, basic(id, secret));
  return JSON.parse(text).access_token;
}

describe('openid-client', () => {
  test.each([
    ['client_secret_basic', client.ClientSecretBasic],
    ['client_secret_post', client.ClientSecretPost],
  ] as const)('gets a token with %s', async (_name, method) => {
    const { id, secret } = await newClient();
    const config = await discover(id, method(secret));
    const token = await client.clientCredentialsGrant(config, { scope: 'users:read roles:read' });
    expect(token).toMatchObject({ token_type: 'bearer', expires_in: 600, scope: 'users:read roles:read' });
    expect(await machineOf(gateway, token.access_token)).toMatchObject({
      id,
      scopes: ['users:read', 'roles:read'],
      key: null,
    });
  });

  test('gets a token with private_key_jwt', async () => {
    const { id } = await newClient();
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'first' }] };
    await gateway.send(SetServiceAccountJwksDocument, { input: { id, jwks } }, accessToken);
    // openid-client signs at the time of this machine.
    gateway.clock.travel((Date.now() - gateway.clock.now().getTime()) / 1000);
    const config = await discover(id, client.PrivateKeyJwt({ key: privateKey, kid: 'first' }));
    const token = await client.clientCredentialsGrant(config);
    expect(token.scope?.split(' ')).toContain('users:moderate');
  });

  test('introspects and revokes a token', async () => {
    const { id, secret } = await newClient('ADMIN');
    const config = await discover(id, client.ClientSecretBasic(secret));
    const { access_token: token } = await client.clientCredentialsGrant(config, { scope: 'users:read' });
    expect(await client.tokenIntrospection(config, token)).toMatchObject({
      active: true,
      sub: id,
      client_id: id,
      scope: 'users:read',
      iss: issuer,
      aud: issuer,
    });
    await client.tokenRevocation(config, token);
    expect(await client.tokenIntrospection(config, token)).toEqual({ active: false });
    expect(await refusal(machineOf(gateway, token))).toMatchObject({ extensions: { reason: 'TOKEN_INVALID' } });
  });
});

describe('a token', () => {
  test('is an access token without a session, and @postern/verify describes its service account', async () => {
    const { id, secret } = await newClient();
    const token = await tokenOf(id, secret, 'users:read');
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({ sub: id, client_id: id, scope: 'users:read', aud: issuer, amr: [] });
    for (const absent of ['sid', 'auth_time', 'acr', 'api_key']) expect(claims).not.toHaveProperty(absent);
    const jwksUrl = `${gateway.url}/.well-known/jwks.json`;
    const verify = createVerifier({ issuer, jwksUrl, now: () => gateway.clock.now() });
    expect((await verify(`Bearer ${token}`)).caller).toMatchObject({
      kind: 'service',
      serviceAccountId: id,
      userId: null,
      sessionId: null,
      permissions: ['users:read'],
      methods: [],
    });
    const identity = createVerifier({ issuer, jwksUrl, tokens: 'identity', now: () => gateway.clock.now() });
    expect((await identity(token)).problem).toBe('TOKEN_INVALID');
    const { headers } = await answerOf(
      fetch(`${gateway.url}/auth/verify?scope=users:read`, { headers: bearer(token) }),
    );
    expect(headers.get('x-auth-kind')).toBe('service');
    expect((await identity(headers.get('x-auth-token') ?? '')).caller).toMatchObject({
      kind: 'service',
      apiKeyId: null,
    });
  });

  test('ends with its service account and loses what the role loses, on the next request', async () => {
    const { id, secret } = await newClient();
    const token = await tokenOf(id, secret, 'users:read profile:write');
    await gateway.database.query(`update service_accounts set role_name = 'USER' where id = $1`, [id]);
    expect((await machineOf(gateway, token))?.scopes).toEqual(['profile:write']);
    await gateway.send(SuspendServiceAccountDocument, { input: { id } }, accessToken);
    expect(await refusal(machineOf(gateway, token))).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('expires', async () => {
    const { id, secret } = await newClient();
    const token = await tokenOf(id, secret);
    gateway.clock.travel(606);
    expect(await refusal(machineOf(gateway, token))).toMatchObject({ extensions: { reason: 'TOKEN_EXPIRED' } });
  });

  test('is closed to the same operations as a key', async () => {
    const { id, secret } = await newClient();
    const answer = await answerOf(gateway.post({ query: '{ viewer { id } }' }, bearer(await tokenOf(id, secret))));
    expect(errorOf(answer).extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'MACHINE_NOT_ALLOWED' });
  });

  test('is on the audit trail with its scopes', async () => {
    const { id, secret } = await newClient();
    await tokenOf(id, secret, 'users:read');
    expect((await auditTrail(gateway.database, 'client_token.issued')).at(-1)).toMatchObject({
      actorId: id,
      details: { scopes: ['users:read'] },
    });
  });
});

describe('/oauth/token refuses', () => {
  const errorIn = ({ text }: { text: string }) => JSON.parse(text).error;

  test('wrong, revoked and unknown credentials alike', async () => {
    const { id, secret } = await newClient();
    const revoked = await createClientSecret(gateway, accessToken, id);
    await gateway.send(RevokeClientSecretDocument, { input: { id: revoked.id } }, accessToken);
    const presented: [string, string][] = [
      [id, 'wrong'],
      [id, revoked.secret],
      [id, `${secret}x`.repeat(9)],
      ['00000000-0000-7000-8000-000000000000', secret],
      ['nonsense', secret],
    ];
    const answers = [];
    for (const credentials of presented) answers.push(await form('/oauth/token', grant, basic(...credentials)));
    answers.push(await form('/oauth/token', grant), await form('/oauth/token', { ...grant, client_id: id }));
    for (const answer of answers) {
      expect([answer.status, errorIn(answer)]).toEqual([401, 'invalid_client']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test.each([
    ['invalid_request', 'grant_type=client_credentials&grant_type=client_credentials'],
    ['invalid_request', 'scope=users:read'],
    ['unsupported_grant_type', 'grant_type=password'],
    ['invalid_scope', 'grant_type=client_credentials&scope=users:write'],
    ['invalid_scope', 'grant_type=client_credentials&scope=*'],
    ['invalid_scope', `grant_type=client_credentials&scope=${'x'.repeat(5000)}`],
    ['invalid_request', 'grant_type=client_credentials&client_secret=x'],
    ['invalid_request', 'x'.repeat(300_000)],
  ])('with %s the parameters %.60s', async (error, parameters) => {
    const { id, secret } = await newClient();
    const answer = await form('/oauth/token', parameters, basic(id, secret));
    expect([answer.status, errorIn(answer)]).toEqual([400, error]);
  });

  test('JSON, and /graphql still refuses forms', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(errorIn(await form('/oauth/token', '{"grant_type":"client_credentials"}', headers))).toBe('invalid_request');
    expect((await form('/graphql', { query: '{ machine { id } }' })).status).toBe(415);
  });

  test('an API key as the client authentication', async () => {
    const { id } = await newClient();
    const { key } = await createApiKey(gateway, accessToken, { serviceAccountId: id });
    expect(errorIn(await form('/oauth/token', grant, bearer(key)))).toBe('invalid_client');
  });
});

describe('private_key_jwt', () => {
  async function signer() {
    const { id } = await newClient();
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    await gateway.send(SetServiceAccountJwksDocument, { input: { id, jwks: { keys: [jwk] } } }, accessToken);
    const now = () => Math.floor(gateway.clock.now().getTime() / 1000);
    const sign = (claims: Record<string, unknown> = {}) =>
      new SignJWT({ iss: id, sub: id, aud: issuer, exp: now() + 60, jti: `${Math.random()}`, ...claims })
        .setProtectedHeader({ alg: 'ES256' })
        .sign(privateKey);
    return { id, jwk, sign, now };
  }
  const present = (assertion: string) =>
    form('/oauth/token', {
      ...grant,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });

  test('is accepted once', async () => {
    const { sign } = await signer();
    const assertion = await sign();
    expect((await present(assertion)).status).toBe(200);
    expect((await present(assertion)).status).toBe(401);
    const again = await sign();
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => present(again)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  });

  test('is refused for another audience, issuer or client, without a jti, and for a long time', async () => {
    const { sign, now } = await signer();
    const { id: other } = await newClient();
    for (const claims of [
      { aud: 'https://other.example.com' },
      { aud: undefined },
      { iss: 'x' },
      { iss: undefined },
      { sub: other },
      { jti: undefined },
      { jti: '' },
      { exp: undefined },
      { exp: now() + 400 },
      { exp: now() - 10 },
    ])
      expect([claims, (await present(await sign(claims))).status]).toEqual([claims, 401]);
  });

  test('is refused with the public key as the secret of an HMAC, and without a signature', async () => {
    const { id, jwk, now } = await signer();
    const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' })
      .export({ type: 'spki', format: 'pem' })
      .toString();
    const claims = { iss: id, sub: id, aud: issuer, exp: now() + 60, jti: 'x' };
    const [header, payload] = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const { createHmac } = await import('node:crypto');
    const signature = createHmac('sha256', pem).update(`${header}.${payload}`).digest('base64url');
    expect((await present(`${header}.${payload}.${signature}`)).status).toBe(401);
    expect((await present(jwt.sign(claims, null, { algorithm: 'none' }))).status).toBe(401);
    expect((await present('garbage')).status).toBe(401);
  });
});

describe('/oauth/introspect', () => {
  test('needs a service account that holds tokens:introspect', async () => {
    const { id, secret } = await newClient('MODERATOR');
    expect((await form('/oauth/introspect', { token: 'x' }, basic(id, secret))).status).toBe(403);
    expect((await form('/oauth/introspect', { token: 'x' })).status).toBe(401);
    const admin = await newClient('ADMIN');
    const open = await createApiKey(gateway, accessToken, {
      serviceAccountId: admin.id,
      scopes: ['tokens:introspect'],
    });
    expect((await form('/oauth/introspect', { token: 'x' }, bearer(open.key))).text).toBe('{"active":false}');
    const closed = await createApiKey(gateway, accessToken, { serviceAccountId: admin.id, scopes: ['users:read'] });
    expect((await form('/oauth/introspect', { token: 'x' }, bearer(closed.key))).status).toBe(403);
    const personal = await createApiKey(gateway, accessToken, { scopes: ['tokens:introspect'] });
    expect((await form('/oauth/introspect', { token: 'x' }, bearer(personal.key))).status).toBe(401);
  });

  test('describes access tokens and keys, and nothing else', async () => {
    const admin = await newClient('ADMIN');
    const ask = (token: string) => form('/oauth/introspect', { token }, basic(admin.id, admin.secret));
    const ada = await gateway.person();
    expect(JSON.parse((await ask(ada.accessToken)).text)).toMatchObject({
      active: true,
      sub: ada.viewer.id,
      sid: ada.session.id,
    });
    const { key, id } = await createApiKey(gateway, ada.accessToken);
    expect(JSON.parse((await ask(key)).text)).toMatchObject({
      active: true,
      sub: ada.viewer.id,
      api_key: id,
      scope: 'profile:write',
    });
    const identity = (await answerOf(fetch(`${gateway.url}/auth/verify`, { headers: bearer(ada.accessToken) })))
      .headers;
    const { privateKey } = await generateKeyPair('ES256');
    const foreign = await new SignJWT({ ...decodeJwt(ada.accessToken) })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: decodeProtectedHeader(ada.accessToken).kid ?? '' })
      .sign(privateKey);
    for (const token of [
      ada.refreshToken,
      identity.get('x-auth-token') ?? '',
      foreign,
      key.replace(/.$/, (letter) => (letter === 'a' ? 'b' : 'a')),
      '',
      'garbage',
      'x'.repeat(100_000),
    ]) {
      const { status, text } = await ask(token);
      expect([token.slice(0, 20), status, text]).toEqual([token.slice(0, 20), 200, '{"active":false}']);
    }
    await ada.signOut();
    expect((await ask(ada.accessToken)).text).toBe('{"active":false}');
  });
});

describe('/oauth/revoke', () => {
  test('ends a key, a session and nothing unknown, and always answers 200', async () => {
    const ada = await gateway.person();
    const { key } = await createApiKey(gateway, ada.accessToken);
    const revoke = async (token: string, headers = {}) => (await form('/oauth/revoke', { token }, headers)).status;
    expect(await revoke(key)).toBe(200);
    expect(await refusal(machineOf(gateway, key))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await revoke(ada.accessToken)).toBe(200);
    await ada.expectSignedOut();
    for (const token of [key, ada.accessToken, 'garbage', '', 'x'.repeat(100_000)])
      expect(await revoke(token)).toBe(200);
  });

  test('by a client leaves tokens of others alone', async () => {
    const { id, secret } = await newClient();
    const ada = await gateway.person();
    expect((await form('/oauth/revoke', { token: ada.accessToken }, basic(id, secret))).status).toBe(200);
    await ada.expectSignedIn();
    expect((await form('/oauth/revoke', { token: ada.accessToken }, basic(id, 'wrong'))).status).toBe(401);
  });
});

describe('limits', () => {
  const limited = useGateway({ RATE_LIMITS: 'clientCredentials=3/1m,badKey=5/15m,apiKey=off' }, undefined);

  test('count tokens by service account', async () => {
    const { accessToken: admin } = await registerUserWithRole(limited, 'SUPER_ADMIN');
    const id = await createServiceAccount(limited, admin);
    const { secret } = await createClientSecret(limited, admin, id);
    const ask = () =>
      fetch(`${limited.url}/oauth/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...basic(id, secret) },
        body: 'grant_type=client_credentials',
      });
    const statuses = (await Promise.all(Array.from({ length: 8 }, ask))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
    expect((await ask()).headers.get('retry-after')).toMatch(/^\d+$/);
  });
});
