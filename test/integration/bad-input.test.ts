/** Invalid requests: refused in one shape, with a code of the closed list and a request id, and never echoed. */
import { readFile } from 'node:fs/promises';
import { buildSchema, isEnumType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, answerOf, errorOf } from '../support/gateway/answer.ts';
import { bearer, goodPassword, registerUser, signIn } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  FullLoginDocument,
  PasswordPolicyDocument,
  RegisterDocument,
  UpdateProfileDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';

/** Stands in each place where a client could put a password by mistake. */
const planted = 'hunter2-correct-horse';

let errorCodes: string[];
const gateway = useGateway();
beforeAll(async () => {
  const sdl = await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
  const type = buildSchema(sdl).getType('ErrorCode');
  errorCodes = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
});

/** Every response of this file is checked, in addition to the assertions of each test. */
async function inOrder(request: Promise<Response>): Promise<Answer> {
  const answer = await answerOf(request);
  const requestId = answer.headers.get('x-request-id');
  expect(requestId).toMatch(/^[A-Za-z0-9._:-]{8,128}$/);
  for (const { message, extensions } of answer.errors) {
    expect(errorCodes).toContain(extensions.code);
    expect(extensions.requestId).toBe(requestId);
    expect(message.length).toBeGreaterThan(5);
    const known = ['code', 'requestId', 'reason', 'retryAfter', 'fields', 'requiredPermission'];
    expect(known).toEqual(expect.arrayContaining(Object.keys(extensions)));
  }
  expect(answer.errors.length).toBeLessThanOrEqual(5);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.text).not.toContain(planted);
  expect(answer.text).not.toMatch(/node_modules|\bat .*\.(ts|js):\d|stacktrace/i);
  return answer;
}

const post = (body: unknown, headers?: Record<string, string>) => inOrder(gateway.post(body, headers));
const get = (query: string, headers: Record<string, string> = {}) =>
  inOrder(fetch(`${gateway.url}/graphql?${query}`, { headers }));
const request = (path: string, init: RequestInit = {}) => inOrder(fetch(`${gateway.url}${path}`, init));

const loginWith = (input: unknown) => ({ query: bodyOf(FullLoginDocument, emptyLogin).query, variables: { input } });
const emptyLogin = { input: { email: '', password: '' } };
const credentials = { email: 'ada@example.com', password: goodPassword };

describe('an e-mail address', () => {
  test.each([
    '',
    ' ',
    'ada',
    '@example.com',
    'ada@',
    'ada@example',
    'ada@@example.com',
    'ada lovelace@example.com',
    'ada@exa mple.com',
    'Ada <ada@example.com>',
    'ada@example.com,eve@example.com',
    'ada@example.com\r\nBcc: eve@example.com',
    'ada\u0000@example.com',
    'ada\u200b@example.com',
    '.ada@example.com',
    'ada..l@example.com',
    '"ada"@example.com',
    'ada@-example.com',
    'ada@[127.0.0.1]',
    `${'a'.repeat(65)}@example.com`,
    `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}.com`,
    `${'a'.repeat(400)}@example.com`,
  ])('that is invalid is refused as a field error: %j', async (email) => {
    const answer = await post(bodyOf(RegisterDocument, { input: { ...credentials, email } }));
    expect(errorOf(answer).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'input.email', code: 'INVALID_EMAIL' }],
    });
    expect(answer.data).toBeNull();
  });
});

describe('a variable', () => {
  test.each([
    ['with an unknown field', { ...credentials, isAdmin: planted }, 'input', 'UNKNOWN_FIELD'],
    ['with a number as a password', { ...credentials, password: 4242424242 }, 'input.password', 'WRONG_TYPE'],
    ['with an object as a password', { ...credentials, password: { $ne: planted } }, 'input.password', 'WRONG_TYPE'],
    ['with a list as a password', { ...credentials, password: [planted] }, 'input.password', 'WRONG_TYPE'],
    ['with null as a password', { ...credentials, password: null }, 'input.password', 'WRONG_TYPE'],
    ['with an object as an address', { ...credentials, email: { $gt: planted } }, 'input.email', 'WRONG_TYPE'],
    ['with a string as a Boolean', { ...credentials, rememberMe: planted }, 'input.rememberMe', 'WRONG_TYPE'],
    ['without a password', { email: credentials.email }, 'input.password', 'REQUIRED'],
    ['that is a string', planted, 'input', 'WRONG_TYPE'],
    ['that is a list', [credentials, { password: planted }], 'input', 'WRONG_TYPE'],
    ['that is null', null, 'input', 'WRONG_TYPE'],
  ])('%s is refused by name and not echoed', async (_what, input, path, code) => {
    const answer = await post(loginWith(input));
    const error = errorOf(answer);
    expect(error.extensions.code).toBe('BAD_USER_INPUT');
    const field = error.extensions.fields?.find((one) => one.code === code);
    // An unknown field may be named by itself or by its path.
    expect(code === 'UNKNOWN_FIELD' ? field?.path.replace(/\.isAdmin$/, '') : field?.path).toBe(path);
    expect(field?.message).toMatch(/\.$/);
    expect(answer.text).not.toContain('4242424242');
    expect(answer.status).toBe(400);
  });

  test('that is missing is refused by name', async () => {
    const { query } = bodyOf(VerifyEmailDocument, { input: { token: '' } });
    for (const variables of [undefined, {}, { other: planted }]) {
      const error = errorOf(await post({ query, ...(variables && { variables }) }));
      expect(error.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input', code: 'REQUIRED' }] });
    }
  });

  test('nested thousands of levels deep is refused like any other', async () => {
    const deep = `${'['.repeat(40_000)}${']'.repeat(40_000)}`;
    const { query } = bodyOf(FullLoginDocument, emptyLogin);
    const body = `{"query":${JSON.stringify(query)},"variables":{"input":{"email":"a@example.com","password":${deep}}}}`;
    expect((await post(body)).errors[0]?.extensions.code).toMatch(/^(BAD_USER_INPUT|BAD_REQUEST)$/);
  });

  test('cannot reach a prototype', async () => {
    const { query } = bodyOf(FullLoginDocument, emptyLogin);
    const input = `{"email":"a@example.com","password":"x","__proto__":{"rememberMe":"${planted}"}}`;
    const answer = await post(`{"query":${JSON.stringify(query)},"variables":{"input":${input}}}`);
    expect(errorOf(answer).extensions.code).toMatch(/^(BAD_USER_INPUT|BAD_REQUEST)$/);
  });

  test('with one problem in several places gets one error that lists them', async () => {
    const answer = await post(loginWith({ email: 1, password: 2, rememberMe: planted, deviceName: 3, more: 4 }));
    const fields = errorOf(answer).extensions.fields ?? [];
    expect(fields).toHaveLength(5);
    const wrong = fields.filter(({ code }) => code === 'WRONG_TYPE').map(({ path }) => path);
    expect(wrong.sort()).toEqual(['input.deviceName', 'input.email', 'input.password', 'input.rememberMe']);
    expect(fields.map(({ code }) => code)).toContain('UNKNOWN_FIELD');
  });
});

describe('a literal', () => {
  const login = (input: string) => `mutation { login(input: ${input}) { __typename } }`;

  test.each([
    ['an enum value as a password', '{ email: "a@example.com", password: PLANTED }'],
    ['a list as a password', '{ email: "a@example.com", password: ["PLANTED"] }'],
    ['an object as a password', '{ email: "a@example.com", password: { eq: "PLANTED" } }'],
    ['a number as a password', '{ email: "a@example.com", password: 4242424242 }'],
    ['a number as an address', '{ email: 4242424242, password: "PLANTED" }'],
    ['an enum value as an address', '{ email: PLANTED, password: "PLANTED" }'],
    ['a string as a Boolean', '{ email: "a@example.com", password: "x", rememberMe: "PLANTED" }'],
    ['a string as the input', '"PLANTED"'],
    ['a missing field', '{ email: "PLANTED@example.com" }'],
    ['an unknown field', '{ email: "a@example.com", password: "x", role: "PLANTED" }'],
    ['a field twice', '{ email: "a@example.com", password: "PLANTED", password: "PLANTED" }'],
    ['an undeclared variable', '{ email: "a@example.com", password: $PLANTED }'],
  ])('of the wrong type is refused and not echoed: %s', async (_what, input) => {
    // As a name, the secret has no hyphens.
    const secret = 'hunter2correcthorse';
    const answer = await post({ query: login(input.replaceAll('PLANTED', secret)) });
    expect(answer.status).toBe(400);
    expect(answer.errors.map(({ extensions }) => extensions.code)).toContain('GRAPHQL_VALIDATION_FAILED');
    if (!input.includes('$')) expect(answer.text).not.toContain(secret);
    expect(answer.text).not.toContain('4242424242');
  });

  test('as the default of a variable is not echoed either', async () => {
    const query = `mutation ($p: Boolean = "${planted}") { login(input: { email: "a@example.com", password: "x", rememberMe: $p }) { __typename } }`;
    expect((await post({ query })).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });
});

describe('a body', () => {
  test.each([
    ['broken', `{"query": "mutation { login(input: { password: \\"${planted}\\"`],
    ['no JSON', planted],
    ['empty', ''],
    ['a string', JSON.stringify(planted)],
    ['a number', '42'],
    ['null', 'null'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['with a query that is not a string', JSON.stringify({ query: { planted } })],
    ['with an empty query', JSON.stringify({ query: '' })],
    ['with variables that are text', JSON.stringify({ query: '{ __typename }', variables: planted })],
    ['with variables that are a list', JSON.stringify({ query: '{ __typename }', variables: [planted] })],
    ['with an unknown operation name', JSON.stringify({ query: '{ __typename }', operationName: { planted } })],
    ['with extensions that are text', JSON.stringify({ query: '{ __typename }', extensions: planted })],
  ])('that is %s is refused and not echoed', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('of a megabyte is refused with 413', async () => {
    const answer = await post({ query: '{ __typename }', variables: { planted, filler: 'x'.repeat(1_000_000) } });
    expect(answer.status).toBe(413);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('of a megabyte without a length is refused with 413', async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= 1_000_000) return controller.close();
        sent += 10_000;
        controller.enqueue(new Uint8Array(10_000).fill(0x20));
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    // The server may close a connection that keeps sending, but it must stop reading.
    const status = await fetch(`${gateway.url}/graphql`, init).then(
      (response) => response.status,
      () => 413,
    );
    expect(status).toBe(413);
  });

  test('just below the limit is accepted', async () => {
    const answer = await post({ query: '{ __typename }', variables: { filler: 'x'.repeat(99_000) } });
    expect(answer.data).toEqual({ __typename: 'Query' });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/graphql',
    'application/xml',
    'application/jsonp',
  ])('of the type %s is refused with 415', async (type) => {
    const answer = await post(bodyOf(PasswordPolicyDocument, {}), { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('is JSON with a charset as well', async () => {
    const answer = await post(bodyOf(PasswordPolicyDocument, {}), {
      'content-type': 'application/json; charset=utf-8',
    });
    expect(answer.status).toBe(200);
  });

  test('that is missing is refused', async () => {
    const answer = await request('/graphql', { method: 'POST' });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('with a list of operations is refused, because batching is off', async () => {
    const one = bodyOf(FullLoginDocument, { input: { ...credentials, password: planted } });
    const answer = await post([one, one]);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });
});

describe('a GET', () => {
  const query = encodeURIComponent('{ passwordPolicy { minLength } }');
  const mutation = encodeURIComponent(
    `mutation { login(input: { email: "a@example.com", password: "${planted}" }) { __typename } }`,
  );
  const preflighted = { 'apollo-require-preflight': 'true' };

  test('may carry a query with the header that forces a preflight', async () => {
    const answer = await get(`query=${query}`, preflighted);
    expect(answer).toMatchObject({ status: 200, data: { passwordPolicy: { minLength: 8 } } });
  });

  test('that any page could send is refused', async () => {
    const answer = await get(`query=${query}`);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('never carries a mutation', async () => {
    const before = await gateway.database.query('select id from audit_entries');
    const answer = await get(`query=${mutation}`, preflighted);
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
    expect(await gateway.database.query('select id from audit_entries')).toEqual(before);
  });

  test('does not reach a mutation behind a query by its operation name', async () => {
    const both = encodeURIComponent('query A { __typename } mutation B { logout(input: {}) { revoked } }');
    expect((await get(`query=${both}&operationName=B`, preflighted)).status).toBe(405);
  });

  test('with a persisted query reports that they are not supported', async () => {
    const answer = await get('extensions={"persistedQuery":{"version":1,"sha256Hash":"abc"}}', preflighted);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test.each([
    ['no query', ''],
    ['two queries', `query=${query}&query=${query}`],
    ['variables that are not JSON', `query=${query}&variables=${planted}`],
    ['extensions that are not JSON', `query=${query}&extensions=${planted}`],
  ])('with %s is refused', async (_what, search) => {
    const answer = await get(search, preflighted);
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });
});

describe('a document', () => {
  const logout = 'logout(input: {}) { revoked }';

  test.each([
    ['two mutations', `mutation { a: ${logout} b: ${logout} }`],
    ['two different mutations', `mutation { ${logout} verifyEmail(input: { token: "x" }) { verified } }`],
    [
      'mutations in fragments',
      `mutation { ...A ...B } fragment A on Mutation { a: ${logout} } fragment B on Mutation { b: ${logout} }`,
    ],
    ['one fragment of two', `mutation { ...A } fragment A on Mutation { a: ${logout} b: ${logout} }`],
    ['one fragment spread twice', `mutation { ...A ...A } fragment A on Mutation { ${logout} }`],
    [
      'nested fragments',
      `mutation { ...A } fragment A on Mutation { a: ${logout} ...B } fragment B on Mutation { b: ${logout} }`,
    ],
    ['inline fragments', `mutation { ... { a: ${logout} } ... on Mutation { b: ${logout} } }`],
    ['two operations', `mutation A { ${logout} } mutation B { ${logout} }`],
    [
      'a mutation that may be skipped',
      'mutation { a: logout(input: {}) { revoked } b: logout(input: {}) @skip(if: true) { revoked } }',
    ],
  ])('with more than one mutation is refused: %s', async (_what, query) => {
    const answer = await post({ query, operationName: query.startsWith('mutation A') ? 'A' : undefined });
    expect(answer.status).toBe(400);
    expect(answer.errors.map(({ message }) => message)).toContain(
      'A document may contain one mutation only. Send one request per mutation.',
    );
    expect(answer.errors.every(({ extensions }) => extensions.code === 'GRAPHQL_VALIDATION_FAILED')).toBe(true);
  });

  test('with a thousand aliased sign-ins checks none of them', async () => {
    const one = (index: number) => `l${index}: login(input: { email: "a@example.com", password: "x" }) { __typename }`;
    const before = (await gateway.database.query('select id from audit_entries')).length;
    const answer = await post({
      query: `mutation { ${Array.from({ length: 1000 }, (_, index) => one(index)).join(' ')} }`,
    });
    expect(answer.status).toBe(400);
    expect((await gateway.database.query('select id from audit_entries')).length).toBe(before);
  });

  test('of more than 2000 tokens is refused before it is parsed', async () => {
    // Three tokens each: the alias, the colon and the name.
    const fields = (count: number) => ({
      query: `{ passwordPolicy { ${Array.from({ length: count }, (_, index) => `a${index}: minLength`).join(' ')} } }`,
    });
    expect((await post(fields(660))).status).toBe(200);
    const answer = await post(fields(670));
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('GRAPHQL_PARSE_FAILED');
  });

  test.each([
    ['an unterminated string', `mutation { login(input: { password: "${planted}`],
    ['a stray character', `mutation { login(input: { password: "x" }) { ${planted}? } }`],
    ['a bad escape', `mutation { login(input: { password: "\\q${planted}" }) { __typename } }`],
    ['text that is not GraphQL', planted],
    ['only a comment', `# ${planted}`],
    ['brackets a thousand deep', '{a'.repeat(900)],
  ])('with a syntax error is refused and not echoed: %s', async (_what, query) => {
    const answer = await post({ query });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('GRAPHQL_PARSE_FAILED');
  });

  test('with an operation name that it lacks is refused', async () => {
    const answer = await post({ query: 'query A { __typename } query B { __typename }', operationName: planted });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('with several operations and no name is refused', async () => {
    const answer = await post({ query: 'query A { __typename } query B { __typename }' });
    expect(answer.status).toBe(400);
    expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
  });

  test('with many mistakes gets five errors', async () => {
    const fields = Array.from({ length: 50 }, (_, index) => `unknown${index}`).join(' ');
    const answer = await post({ query: `{ ${fields} }` });
    expect(answer.status).toBe(400);
    expect(answer.errors).toHaveLength(5);
  });

  test('with fragments that spread each other is refused', async () => {
    const query = 'mutation { ...A } fragment A on Mutation { ...B } fragment B on Mutation { ...A }';
    expect((await post({ query })).errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  test('with a subscription is refused', async () => {
    const answer = await post({ query: 'subscription { viewer { id } }' });
    expect(answer.errors.map(({ extensions }) => extensions.code)).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(answer.status).toBe(400);
  });

  test('with an unknown field is refused', async () => {
    const email = await registerUser(gateway);
    const { accessToken } = await signIn(gateway, email);
    for (const field of ['passwordHash', 'password', 'refreshToken', 'sealed', 'tokenHash']) {
      const answer = await post({ query: `{ viewer { ${field} } }` }, bearer(accessToken));
      expect(answer.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });
});

describe('a path', () => {
  test.each(['/', '/graphql/x', '/admin', '/.env', '/metrics', '/dev/mailbox', '/.well-known/webfinger'])(
    'that is unknown is answered with 404 in JSON: %s',
    async (path) => {
      const answer = await request(path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
      expect(errorOf(answer).extensions.code).toBe('NOT_FOUND');
    },
  );

  test.each(['/%', '/%zz', '/%ff', '/graphql%00'])(
    'that cannot be decoded is refused in the same shape: %s',
    async (path) => {
      const answer = await request(path);
      expect([400, 404]).toContain(answer.status);
      expect(['BAD_REQUEST', 'NOT_FOUND']).toContain(errorOf(answer).extensions.code);
    },
  );

  test.each(['PUT', 'DELETE', 'PATCH'])('refuses %s', async (method) => {
    for (const path of ['/graphql', '/livez', '/nowhere']) {
      const answer = await request(path, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
      expect(errorOf(answer).extensions.code).toBe('BAD_REQUEST');
    }
  });

  test('accepts OPTIONS without a body', async () => {
    const answer = await request('/graphql', { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
  });

  test('answers HEAD without a body', async () => {
    const answer = await request('/livez', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, text: '' });
  });
});

describe('a request id', () => {
  const ask = (id: string) => post({ query: '{ nowhere }' }, { 'x-request-id': id });

  test.each(['abcdefgh', '4bf92f35-77b3-4da6', 'trace:1.2_3-4', 'x'.repeat(128)])(
    'that is well-formed is kept: %s',
    async (id) => {
      expect((await ask(id)).headers.get('x-request-id')).toBe(id);
    },
  );

  test.each(['short', 'x'.repeat(129), 'two words', '<script>alert(1)</script>', '{"a":"bbbbbbbb"}', 'ünïcödé-id'])(
    'that is malformed is replaced: %s',
    async (id) => {
      const kept = (await ask(id)).headers.get('x-request-id');
      expect(kept).not.toBe(id);
      expect(kept).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    },
  );

  test('is generated for every request without one', async () => {
    const ids = await Promise.all(
      Array.from({ length: 10 }, async () => (await request('/livez')).headers.get('x-request-id')),
    );
    expect(new Set(ids).size).toBe(10);
  });

  test('is in the log lines of its request', async () => {
    const body = bodyOf(UpdateProfileDocument, { input: { displayName: 'Ada' } });
    await post(body, { 'x-request-id': 'find-me-in-the-log' });
    const lines = gateway.logs.filter((line) => line.includes('find-me-in-the-log'));
    expect(lines.length).toBeGreaterThan(0);
  });
});

test('the log contains no planted value', () => {
  expect(gateway.logs.length).toBeGreaterThan(50);
  expect(gateway.logs.filter((line) => line.includes(planted))).toEqual([]);
});
