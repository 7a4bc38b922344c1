/**
 * Limits by source, user and session (graphql-rate-limit over an atomic store): parallel requests up to the limit pass.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { answerOf } from '../support/gateway/answer.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  PasswordPolicyDocument,
  RegisterDocument,
} from '../support/generated/graphql.ts';

let gateway: TestGateway;
afterEach(() => gateway.stop());

const register = () => gateway.send(RegisterDocument, { input: { email: newAddress(), password: goodPassword } });

describe('a limit', () => {
  test('accepts exactly its number of parallel requests', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=5/1h' });
    const answers = await Promise.allSettled(Array.from({ length: 40 }, register));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  test('answers 429 with the seconds to wait, in header and extensions', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=1/1h' });
    await register();
    const error = await refusal(register());
    expect(error).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(error.extensions.retryAfter).toBeGreaterThan(3500);
  });

  test('that is off accepts every request, and the others stay on', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=off,resetPassword=1/1h' });
    for (let round = 0; round < 8; round += 1) await register();
  });

  test('does not count sources on the allow-list', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=1/1h', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });
    await register();
    await register();
  });

  test.each([
    ['development', 12],
    ['test', 5],
  ])('by source accepts calls from this machine in %s: %i of 12', async (mode, passing) => {
    gateway = await startTestGateway({
      NODE_ENV: mode,
      RATE_LIMITS: 'register=5/1h',
      PUBLIC_URL: 'http://localhost:4000',
    });
    const answers = await Promise.allSettled(Array.from({ length: 12 }, register));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(passing);
  });

  test('by source counts other machines in development as well', async () => {
    const settings = { NODE_ENV: 'development', RATE_LIMITS: 'anonymous=1/1h', PUBLIC_URL: 'http://localhost:4000' };
    gateway = await startTestGateway({ ...settings, TRUSTED_PROXIES: '127.0.0.0/8' });
    const statusFrom = async (address: string) => (await askPolicy({ 'x-forwarded-for': address })).status;
    expect([await statusFrom('192.0.2.1'), await statusFrom('192.0.2.1')]).toEqual([200, 429]);
    expect([await statusFrom('::1'), await statusFrom('::ffff:127.0.0.1')]).toEqual([200, 200]);
  });

  test('for all requests counts anonymous callers by source and users by user', async () => {
    gateway = await startTestGateway({
      RATE_LIMITS: 'anonymous=6/1h,authenticated=2/1h,register=off,verifyEmail=off,login=off',
    });
    const email = await registerUser(gateway);
    const { accessToken } = await signIn(gateway, email);
    const policy = (token?: string) => gateway.send(PasswordPolicyDocument, {}, token);
    await policy(accessToken);
    await policy(accessToken);
    expect((await refusal(policy(accessToken))).code).toBe('RATE_LIMITED');
    for (let round = 0; round < 3; round += 1) await policy();
    expect((await refusal(policy())).code).toBe('RATE_LIMITED');
  });

  test('on refresh counts a session, not its source', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'refresh=2/1m,login=off,register=off' });
    const email = await registerUser(gateway);
    const [first, second] = [await signIn(gateway, email), await signIn(gateway, email)];
    const refresh = (refreshToken: string) => gateway.send(FullRefreshDocument, { input: { refreshToken } });
    await refresh(first.refreshToken);
    await refresh(first.refreshToken);
    expect((await refusal(refresh(first.refreshToken))).code).toBe('RATE_LIMITED');
    await refresh(second.refreshToken);
  });

  test('on sign-in returns the attempt after a success', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'login=2/15m,register=off' });
    const email = await registerUser(gateway);
    for (let round = 0; round < 5; round += 1) await signIn(gateway, email);
    const wrong = { input: { email, password: 'Wrong guess 1' } };
    expect((await refusal(gateway.send(FullLoginDocument, wrong))).code).toBe('INVALID_CREDENTIALS');
    expect((await refusal(gateway.send(FullLoginDocument, wrong))).code).toBe('INVALID_CREDENTIALS');
    expect((await refusal(gateway.send(FullLoginDocument, wrong))).code).toBe('RATE_LIMITED');
  });
});

/** The limit in a header of the draft: `"login";r=9;t=899`. */
function said(header: string | null, name: string): Record<string, number> | null {
  const [, parameters] = new RegExp(`"${name}";([^,]+)`).exec(header ?? '') ?? [];
  if (!parameters) return null;
  return Object.fromEntries(parameters.split(';').map((pair) => [pair[0], Number(pair.slice(2))]));
}
const askPolicy = (headers: Record<string, string> = {}, query = '{ passwordPolicy { minLength } }') =>
  answerOf(gateway.post({ query }, headers));

describe('every response', () => {
  test('reports each limit that counted the request', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=3/1h,anonymous=100/10m' });
    const mutation = 'mutation ($input: RegisterInput!) { register(input: $input) { status } }';
    const input = { email: newAddress(), password: goodPassword };
    const { headers } = await answerOf(gateway.post({ query: mutation, variables: { input } }));
    const [policy, state] = [headers.get('ratelimit-policy'), headers.get('ratelimit')];
    expect(said(policy, 'register')).toEqual({ q: 3, w: 3600 });
    expect(said(policy, 'anonymous')).toEqual({ q: 100, w: 600 });
    expect(said(state, 'register')).toMatchObject({ r: 2 });
    expect(said(state, 'anonymous')).toMatchObject({ r: 99 });
    expect(said(state, 'register')?.t).toBeLessThanOrEqual(3600);
    expect(said(state, 'register')?.t).toBeGreaterThan(3590);
  });

  test('that refuses reports it in status, headers and extensions, with one number', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=1/10m' });
    await askPolicy();
    const { status, headers, errors } = await askPolicy();
    expect(status).toBe(429);
    expect(said(headers.get('ratelimit'), 'anonymous')).toMatchObject({ r: 0 });
    const wait = errors[0]?.extensions.retryAfter;
    expect(headers.get('retry-after')).toBe(`${wait}`);
    expect(said(headers.get('ratelimit'), 'anonymous')?.t).toBe(wait);
  });

  test('omits limits that are off or do not count this caller', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=off', RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' });
    const { headers } = await askPolicy();
    expect(headers.get('ratelimit')).toBeNull();
    expect(headers.get('ratelimit-policy')).toBeNull();
  });

  test('lets scripts of allowed origins read the limits', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=5/10m', CORS_ORIGINS: 'https://app.example.com' });
    const { headers } = await askPolicy({ origin: 'https://app.example.com' });
    const exposed = headers.get('access-control-expose-headers')?.split(/, */);
    expect(exposed).toEqual(expect.arrayContaining(['retry-after', 'ratelimit', 'ratelimit-policy']));
  });

  test('to a successful sign-in includes the returned attempt', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'login=5/15m,register=off' });
    const email = await registerUser(gateway);
    const query = 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }';
    const left = async (password: string) => {
      const { headers } = await answerOf(gateway.post({ query, variables: { input: { email, password } } }));
      return said(headers.get('ratelimit'), 'login')?.r;
    };
    expect(await left('Wrong guess 1')).toBe(4);
    expect(await left(goodPassword)).toBe(4);
    expect(await left('Wrong guess 1')).toBe(3);
  });
});

describe('the count', () => {
  const aliases = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: viewer { id }`).join(' ');
  const json = { 'content-type': 'application/json' };
  const mutation = (text: string) => JSON.stringify({ query: `mutation { ${text} }` });

  test('is one for each request, with any number of fields', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=30/1h' });
    const { headers } = await askPolicy({}, `{ ${aliases(10)} }`);
    expect(said(headers.get('ratelimit'), 'anonymous')?.r).toBe(29);
  });

  test.each<[what: string, init: RequestInit]>([
    ['a body that is not JSON', { method: 'POST', headers: json, body: '{' }],
    ['a body of another type', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }],
    ['a body that is too large', { method: 'POST', headers: json, body: `"${'x'.repeat(150_000)}"` }],
    ['an empty body', { method: 'POST', headers: json }],
    ['several operations', { method: 'POST', headers: json, body: '[{"query":"{ __typename }"}]' }],
    ['a document that is not GraphQL', { method: 'POST', headers: json, body: '{"query":"{"}' }],
    ['a document that is invalid', { method: 'POST', headers: json, body: '{"query":"{ nothing }"}' }],
    ['only a type name', { method: 'POST', headers: json, body: '{"query":"{ __typename }"}' }],
    ['wrong variables', { method: 'POST', headers: json, body: '{"query":"query($a: Int!){ __typename }"}' }],
    ['wrong literals', { method: 'POST', headers: json, body: mutation('logout(input: 7) { revoked }') }],
    ['an invalid token', { method: 'POST', headers: { ...json, authorization: 'Bearer a.b.c' }, body: '{}' }],
    ['a query by GET', { headers: { 'apollo-require-preflight': '1' } }],
    ['a cross-site request', {}],
  ])('includes a request with %s', async (_what, init) => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=2/1h' });
    const ask = () => answerOf(fetch(`${gateway.url}/graphql?query=%7B__typename%7D`, init));
    const first = await ask();
    expect(first.status).not.toBe(429);
    expect(said(first.headers.get('ratelimit'), 'anonymous')?.r).toBe(1);
    await ask();
    const { status, headers, errors } = await ask();
    expect(status).toBe(429);
    expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    expect(headers.get('retry-after')).toBe(`${errors[0]?.extensions.retryAfter}`);
    expect(said(headers.get('ratelimit'), 'anonymous')?.r).toBe(0);
  });

  test('excludes preflights and other paths', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=1/1h', CORS_ORIGINS: 'https://app.example.com' });
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' };
    for (let round = 0; round < 3; round += 1) {
      expect((await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers })).status).toBe(204);
      expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    }
    expect((await askPolicy()).status).toBe(200);
  });

  test('by source excludes users with a valid token, new or used, whatever other callers of the source do', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=5/1h' });
    const email = await registerUser(gateway);
    const [used, unused] = [await signIn(gateway, email), await signIn(gateway, email)];
    const asUser = ({ accessToken }: { accessToken: string }) => askPolicy({ authorization: `Bearer ${accessToken}` });
    expect((await asUser(used)).headers.get('ratelimit')).not.toContain('anonymous');
    while ((await askPolicy()).status === 200);
    for (const session of [used, unused]) {
      const { status, headers } = await asUser(session);
      expect(status).toBe(200);
      expect(said(headers.get('ratelimit'), 'authenticated')).not.toBeNull();
    }
    expect((await asUser({ accessToken: `${used.accessToken}x` })).status).toBe(429);
  });

  test('of many parallel requests at the limit is exactly the limit', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=7/1h' });
    const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await askPolicy()).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(7);
  });

  test('of registrations excludes invalid input', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'register=1/1h' });
    const tried = (input: { email: string; password: string }) => refusal(gateway.send(RegisterDocument, { input }));
    for (let round = 0; round < 3; round += 1) {
      expect((await tried({ email: 'ada', password: goodPassword })).code).toBe('BAD_USER_INPUT');
      expect((await tried({ email: newAddress(), password: 'short' })).code).toBe('BAD_USER_INPUT');
    }
    await register();
    expect((await refusal(register())).code).toBe('RATE_LIMITED');
  });

  test('of an account includes every spelling of its address', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'login=2/15m,register=off' });
    const email = await registerUser(gateway);
    const codeOf = async (spelling: string) =>
      (await refusal(gateway.send(FullLoginDocument, { input: { email: spelling, password: 'Wrong guess 1' } }))).code;
    const fullWidth = email.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));
    expect(await codeOf(email.toUpperCase())).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(`  ${email}\t`)).toBe('INVALID_CREDENTIALS');
    for (const spelling of [email, fullWidth, ` ${email.toUpperCase()}`]) {
      expect(await codeOf(spelling)).toBe('RATE_LIMITED');
    }
  });
});

describe('behind a proxy', () => {
  const left = async (forwarded: string): Promise<number | undefined> => {
    const { headers } = await askPolicy({ 'x-forwarded-for': forwarded });
    return said(headers.get('ratelimit'), 'anonymous')?.r;
  };
  const limits = { RATE_LIMITS: 'anonymous=100/1h' };

  test('that is not declared, forwarded addresses are ignored', async () => {
    gateway = await startTestGateway(limits);
    expect(await left('192.0.2.1')).toBe(99);
    expect(await left('192.0.2.2')).toBe(98);
    expect(await left('127.0.0.1, 192.0.2.3')).toBe(97);
  });

  test('that is trusted, the last address counts, and addresses written by the client do not', async () => {
    gateway = await startTestGateway({ ...limits, TRUSTED_PROXIES: '127.0.0.0/8' });
    expect(await left('192.0.2.1')).toBe(99);
    expect(await left('198.51.100.1, 192.0.2.1')).toBe(98);
    expect(await left('127.0.0.1, 10.0.0.1, 192.0.2.1')).toBe(97);
    expect(await left('192.0.2.1, 192.0.2.2')).toBe(99);
  });

  test('in a chain of trusted ones, the first untrusted address from the right counts', async () => {
    gateway = await startTestGateway({ ...limits, TRUSTED_PROXIES: '127.0.0.0/8,10.0.0.0/8,fd00::/8' });
    expect(await left('192.0.2.1, 10.1.1.1, fd00::7')).toBe(99);
    expect(await left('198.51.100.9, 192.0.2.1, fd00::8, 10.2.2.2')).toBe(98);
    expect(await left('10.3.3.3, 192.0.2.1, 10.1.1.1')).toBe(97);
  });

  test('an IPv6 customer is one source, and every spelling of an IPv4 address is one', async () => {
    gateway = await startTestGateway({ ...limits, TRUSTED_PROXIES: '127.0.0.0/8' });
    expect(await left('2001:db8:1:2::1')).toBe(99);
    expect(await left('2001:0DB8:0001:0002:ffff::9')).toBe(98);
    expect(await left('[2001:db8:1:2::3]:4711')).toBe(97);
    expect(await left('2001:db8:1:3::1')).toBe(99);
    expect(await left('192.0.2.7')).toBe(99);
    expect(await left('::ffff:192.0.2.7')).toBe(98);
    expect(await left('192.0.2.7:4711')).toBe(97);
  });

  test('a /48 of IPv6 has sixteen times the limit of one source', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'anonymous=2/1h', TRUSTED_PROXIES: '127.0.0.0/8' });
    const statusFrom = async (forwarded: string) => (await askPolicy({ 'x-forwarded-for': forwarded })).status;
    const statuses: number[] = [];
    for (let part = 0; part < 40; part += 1) statuses.push(await statusFrom(`2001:db8:7:${part.toString(16)}::1`));
    expect(statuses.filter((status) => status === 200)).toHaveLength(32);
    expect(await statusFrom('2001:db8:8::1')).toBe(200);
  });

  test('a named limit has the same multiple in a /48 of IPv6', async () => {
    gateway = await startTestGateway({ RATE_LIMITS: 'requestPasswordReset=1/1h', TRUSTED_PROXIES: '127.0.0.0/8' });
    const query = 'mutation { requestPasswordReset(input: { email: "ada@example.com" }) { accepted } }';
    const statuses: number[] = [];
    for (let part = 0; part < 20; part += 1) {
      const forwarded = `2001:db8:7:${part.toString(16)}::1`;
      statuses.push((await askPolicy({ 'x-forwarded-for': forwarded }, query)).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(16);
  });

  test('whose header has no address, every caller has the source of the proxy', async () => {
    gateway = await startTestGateway({ ...limits, TRUSTED_PROXIES: '127.0.0.0/8' });
    expect(await left('unknown')).toBe(99);
    expect(await left('_hidden')).toBe(98);
    expect(await left('192.0.2.1, zebra')).toBe(97);
  });
});
