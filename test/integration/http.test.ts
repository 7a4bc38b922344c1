/** HTTP beside GraphQL: the other paths, CORS, and the status of responses. */
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, registerUser, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  FullViewerDocument,
  PasswordPolicyDocument,
} from '../support/generated/graphql.ts';

const allowed = 'https://app.example.com';

let gateway: TestGateway;
/** Every optional feature off, as in production, and one proxy in front. */
let strict: TestGateway;
beforeAll(async () => {
  [gateway, strict] = await Promise.all([
    startTestGateway({ LOCKOUT: '100/15m', CORS_ORIGINS: `${allowed}, https://admin.example.com:8443` }),
    startTestGateway({ SANDBOX: 'false', INTROSPECTION: 'false', TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' }),
  ]);
});
afterAll(() => Promise.all([gateway.stop(), strict.stop()]));

const request = (path: string, init: RequestInit = {}) => answerOf(fetch(`${gateway.url}${path}`, init));

describe('the published keys', () => {
  test('are public, cached for five minutes, and contain nothing private', async () => {
    const answer = await request('/.well-known/jwks.json');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    expect(answer.headers.get('content-type')).toMatch(/^application\/(jwk-set\+)?json\b/);
    const { keys }: { keys: Record<string, unknown>[] } = JSON.parse(answer.text);
    expect(keys.length).toBeGreaterThanOrEqual(2);
    for (const key of keys) {
      expect(key).toEqual({
        kty: 'EC',
        crv: 'P-256',
        x: expect.stringMatching(/^[\w-]{43}$/),
        y: expect.stringMatching(/^[\w-]{43}$/),
        kid: expect.stringMatching(/^[\w-]{43}$/),
        use: 'sig',
        alg: 'ES256',
      });
    }
  });

  test('can be read by any site, without its cookies', async () => {
    const { headers } = await request('/.well-known/jwks.json', { headers: { origin: 'https://elsewhere.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  test('are answered with 304 to clients that have them', async () => {
    const first = await request('/.well-known/jwks.json');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    const second = await request('/.well-known/jwks.json', { headers: { 'if-none-match': etag } });
    expect(second).toMatchObject({ status: 304, text: '' });
    expect(second.headers.get('etag')).toBe(etag);
    expect(second.headers.get('cache-control')).toBe('public, max-age=300');
    const stale = await request('/.well-known/jwks.json', { headers: { 'if-none-match': '"another"' } });
    expect(stale).toMatchObject({ status: 200, text: first.text });
  });
});

describe('health', () => {
  test('is a line of text while the process runs', async () => {
    const answer = await request('/livez');
    expect(answer).toMatchObject({ status: 200, text: 'ok\n' });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain\b/);
  });

  test('of dependencies is one line each', async () => {
    const answer = await request('/readyz');
    expect(answer.status).toBe(200);
    const lines = answer.text.trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/ \(.*\)$/, ''))).toEqual(
      expect.arrayContaining(['database: ok', 'migrations: ok', 'mail: ok']),
    );
    for (const line of lines) expect(line).toMatch(/^[\w-]+: (ok|degraded|failed) \(.+\)$/);
  });

  test('of the process is its memory, its event loop and its hash queue', async () => {
    const { text } = await request('/readyz');
    expect(text).toMatch(/^memory: ok \(resident \d+ (of \d+ MB|MB, no limit)\)$/m);
    expect(text).toMatch(/^event-loop: \w+ \(p99 \d+ ms\)$/m);
    expect(text).toMatch(/^hashes: ok \(\d+ running, \d+ waiting\)$/m);
  });

  test('is not ready while migrations are pending', async () => {
    const applied = await strict.database.query('delete from schema_migrations returning *');
    expect(applied.length).toBeGreaterThan(0);
    const answer = await answerOf(fetch(`${strict.url}/readyz`));
    expect(answer.status).toBe(503);
    expect(answer.text).toMatch(/^migrations: failed \(/m);
    expect((await fetch(`${strict.url}/livez`)).status).toBe(200);
  });

  test('reveals no addresses', async () => {
    const { text } = await request('/readyz');
    expect(text).not.toMatch(/127\.0\.0\.1|postgres(ql)?:|test_|smtp/);
  });
});

describe('Sandbox', () => {
  test('is a page with a policy for its own script and Apollo’s only', async () => {
    const answer = await request('/graphql', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = answer.headers.get('content-security-policy') ?? '';
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
    expect(scripts).not.toMatch(/unsafe|\*|data:|http:/);
    const inline = [...answer.text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text = '']) => text);
    expect(inline).toHaveLength(1);
    for (const text of inline) {
      expect(scripts).toContain(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
    }
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("form-action 'none'");
  });

  test('does not affect clients', async () => {
    const url = `/graphql?query=${encodeURIComponent('{ __typename }')}`;
    const answer = await request(url, { headers: { accept: 'application/json', 'apollo-require-preflight': '1' } });
    expect(answer.data).toEqual({ __typename: 'Query' });
  });

  test('is not served when it is switched off', async () => {
    const answer = await answerOf(fetch(`${strict.url}/graphql`, { headers: { accept: 'text/html' } }));
    expect(answer.text).not.toMatch(/<script|embeddable-sandbox/i);
    expect(answer.headers.get('content-security-policy')).not.toContain('apollographql');
  });
});

describe('the schema', () => {
  const ask = (to: TestGateway, query: string) => answerOf(to.post({ query }));

  test('can be introspected where introspection is on', async () => {
    expect((await ask(gateway, '{ __schema { queryType { name } } }')).data).toEqual({
      __schema: { queryType: { name: 'Query' } },
    });
  });

  test('cannot be introspected where introspection is off', async () => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "User") { fields { name } } }',
      'query { ...F } fragment F on Query { __schema { queryType { name } } }',
    ]) {
      const answer = await ask(strict, query);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(answer.data).toBeUndefined();
    }
    expect((await ask(strict, '{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  test('is not revealed by suggestions where introspection is off', async () => {
    const guesses = [
      '{ viewr { id } }',
      '{ passwordPolicy { minLenth } }',
      'mutation { logn(input: {}) { __typename } }',
      'mutation { login(inptu: {}) { __typename } }',
      'mutation { login(input: { emial: "x" }) { __typename } }',
      '{ ...F } fragment F on Vewer { id }',
      'query ($a: LogInput) { __typename }',
    ];
    for (const query of guesses) {
      const open = await ask(gateway, query);
      const closed = await ask(strict, query);
      expect(closed.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect(closed.text).not.toMatch(/did you mean/i);
      expect(open.text.length).toBeGreaterThanOrEqual(closed.text.length);
    }
    expect((await ask(gateway, '{ viewr { id } }')).text).toMatch(/Did you mean/);
  });
});

test('the development mailbox is off when mail is really sent', async () => {
  for (const accept of ['text/html', 'application/json', '*/*']) {
    expect((await request('/dev/mailbox', { headers: { accept } })).status).toBe(404);
  }
});

describe('another origin', () => {
  const post = (origin: string) => answerOf(gateway.post(bodyOf(PasswordPolicyDocument, {}), { origin }));
  const preflight = (origin: string) =>
    request('/graphql', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-csrf-token,x-device-token',
      },
    });

  test.each([allowed, 'https://admin.example.com:8443'])('that is allowed may send credentials: %s', async (origin) => {
    for (const answer of [await post(origin), await preflight(origin)]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/);
    }
    const { headers, status } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
    const names = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/, */);
    expect(names).toEqual(expect.arrayContaining(['authorization', 'content-type', 'x-csrf-token', 'x-device-token']));
    const shown = ((await post(origin)).headers.get('access-control-expose-headers') ?? '').toLowerCase();
    expect(shown).toContain('x-request-id');
    expect(shown).toContain('retry-after');
  });

  test.each([
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:444',
    'https://app.example.com.evil.example',
    'https://sub.app.example.com',
    'https://xapp.example.com',
    'https://APP.example.com',
    'https://app.example.com/',
    'null',
    '*',
  ])('that is not allowed exactly gets no permission: %s', async (origin) => {
    for (const answer of [await post(origin), await preflight(origin)]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toMatch(/\bOrigin\b/);
    }
  });

  test('gets no permission when none is configured', async () => {
    const answer = await answerOf(strict.post(bodyOf(PasswordPolicyDocument, {}), { origin: allowed }));
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a failed authentication', () => {
  const modern = 'application/graphql-response+json';
  const login = (accept: string) =>
    answerOf(
      gateway.post(bodyOf(FullLoginDocument, { input: { email: 'unknown@example.com', password: goodPassword } }), {
        accept,
      }),
    );

  const operations: [string, (accept: string) => Promise<Answer>, string][] = [
    ['signing in', login, 'INVALID_CREDENTIALS'],
    [
      'refreshing',
      (accept) => answerOf(gateway.post(bodyOf(FullRefreshDocument, { input: { refreshToken: 'x' } }), { accept })),
      'INVALID_REFRESH_TOKEN',
    ],
    [
      'a bad access token',
      (accept) => answerOf(gateway.post(bodyOf(FullViewerDocument, {}), { accept, ...bearer('x') })),
      'UNAUTHENTICATED',
    ],
  ];

  test.each(operations)(
    'is 401 for clients of GraphQL over HTTP, and 200 for others: %s',
    async (_what, send, code) => {
      const [toModern, toPlain, toAny] = [await send(modern), await send('application/json'), await send('*/*')];
      expect(toModern.status).toBe(401);
      expect(toModern.headers.get('content-type')).toMatch(/^application\/graphql-response\+json\b/);
      expect(toPlain.status).toBe(200);
      expect(toPlain.headers.get('content-type')).toMatch(/^application\/json\b/);
      expect(toAny.status).toBe(200);
      for (const answer of [toModern, toPlain, toAny]) expect(errorOf(answer).extensions.code).toBe(code);
    },
  );

  test.each([
    `${modern}, application/json`,
    `application/json, ${modern}`,
    `${modern};q=0.9, application/json`,
    `application/json;q=0.9, ${modern}`,
    `${modern};q=0.1, application/json;q=0.2`,
    `${modern}; charset=utf-8, application/json; charset=utf-8`,
    `application/json;q=0, ${modern}`,
    modern.toUpperCase(),
  ])('has the status of its content type: Accept: %s', async (accept) => {
    const answer = await login(accept);
    const type = answer.headers.get('content-type') ?? '';
    expect([type, answer.status]).toEqual([type, type.startsWith(modern) ? 401 : 200]);
  });

  test('is the only refusal with its own status; others are 200', async () => {
    const body = bodyOf(FullLoginDocument, { input: { email: 'no address', password: goodPassword } });
    const answer = await answerOf(gateway.post(body, { accept: modern }));
    expect(errorOf(answer).extensions.code).toBe('BAD_USER_INPUT');
    expect(answer.status).toBe(200);
  });
});

describe('behind a proxy', () => {
  async function seenAs(forwarded: string): Promise<unknown> {
    const email = await user;
    const body = bodyOf(FullLoginDocument, { input: { email, password: goodPassword } });
    const answer = await answerOf(strict.post(body, { 'x-forwarded-for': forwarded }));
    if (answer.status !== 200 || answer.errors.length > 0) throw new Error(answer.text);
    const { login }: { login: { session: { ipAddress: unknown } } } = JSON.parse(answer.text).data;
    return login.session.ipAddress;
  }
  let user: Promise<string>;
  beforeAll(() => {
    user = registerUser(strict);
    return user;
  });

  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['198.51.100.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['127.0.0.1, 203.0.113.9', '203.0.113.9'],
    ['2001:db8::7', '2001:db8::7'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
  ])('the client is the last address that is not a trusted proxy: %s', async (forwarded, expected) => {
    expect(await seenAs(forwarded)).toBe(expected);
  });

  test.each(['unknown', 'x'.repeat(200), '203.0.113.9:1234', "'; drop table users; --"])(
    'an invalid address is ignored: %s',
    async (forwarded) => {
      const ipAddress = await seenAs(forwarded);
      if (ipAddress !== null) expect(isIP(String(ipAddress))).toBeGreaterThan(0);
    },
  );
});

test('a gateway that trusts every address as a proxy starts, with a warning, and takes the first forwarded address', async () => {
  const open = await startTestGateway({ TRUSTED_PROXIES: '0.0.0.0/0,::/0' });
  try {
    const email = await registerUser(open);
    const body = bodyOf(FullLoginDocument, { input: { email, password: goodPassword } });
    const answer = await answerOf(open.post(body, { 'x-forwarded-for': '198.51.100.1, 203.0.113.9, 2001:db8::1' }));
    expect(answer.data).toMatchObject({ login: { session: { ipAddress: '198.51.100.1' } } });
  } finally {
    await open.stop();
  }
});
