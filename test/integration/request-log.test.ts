/** The log record of a request: operation, outcome and source, without text written by the client. */
import { expect, test } from 'vitest';
import { bearer, goodPassword, newAddress, registerUser, signIn } from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullViewerDocument } from '../support/generated/graphql.ts';
import { until } from '../support/races/until.ts';

const gateway = useGateway({ TRUSTED_PROXIES: '127.0.0.1', METRICS_TOKEN: 'metrics-token-0123456789abcdef' });

let serial = 0;

/** Sends a request and waits for its record. */
async function recordOf(send: (headers: Record<string, string>) => Promise<Response>) {
  serial += 1;
  const requestId = `request-log-${serial}`;
  const response = await send({ 'x-request-id': requestId });
  await response.text();
  const isRecord = (line: string) => line.includes(`"requestId":"${requestId}"`) && line.includes('"msg":"request"');
  await until('the record is written', () => gateway.logs.some(isRecord));
  const { time: _time, ms, ...record } = JSON.parse(gateway.logs.find(isRecord) ?? '{}');
  expect(ms).toBeGreaterThanOrEqual(0);
  expect(gateway.logs.filter(isRecord)).toHaveLength(1);
  return record;
}

const post = (body: unknown, more: Record<string, string> = {}) =>
  recordOf((headers) => gateway.post(body, { ...headers, ...more }));
const get = (path: string, more: Record<string, string> = {}) =>
  recordOf((headers) => fetch(`${gateway.url}${path}`, { headers: { ...headers, ...more } }));

const graphql = { level: 30, msg: 'request', method: 'POST', path: '/graphql', address: '127.0.0.1' };

test('an operation is logged by its root fields, never by its client-given name', async () => {
  const query = `query Planted_name { a: passwordPolicy { minLength } b: passwordPolicy { minLength } ...Planted_part }
    fragment Planted_part on Query { ... on Query { __typename } }`;
  const record = await post({ query, operationName: 'Planted_name' });
  expect(record).toEqual({
    ...graphql,
    requestId: expect.any(String),
    status: 200,
    operation: 'query',
    fields: ['passwordPolicy', '__typename'],
  });
  expect(gateway.logs.join('')).not.toMatch(/Planted/);
});

test('a signed-in request is logged with its session and the address that the proxy forwards', async () => {
  const { accessToken, session } = await signIn(gateway, await registerUser(gateway));
  const record = await post(bodyOf(FullViewerDocument, {}), {
    ...bearer(accessToken),
    'x-forwarded-for': '198.51.100.7',
  });
  expect(record).toMatchObject({ address: '198.51.100.7', fields: ['viewer'], sessionId: session.id });
  const verified = await get('/auth/verify/planted-path-of-the-service', bearer(accessToken));
  expect(verified).toMatchObject({ status: 200, path: '/auth/verify/*', sessionId: session.id });
  expect(gateway.logs.join('')).not.toContain('planted-path');
});

const login = 'mutation($input: LoginInput!) { login(input: $input) { __typename } }';

test.each<[string, unknown, Record<string, unknown>]>([
  [
    'refused credentials',
    { query: login, variables: { input: { email: newAddress(), password: goodPassword } } },
    { operation: 'mutation', fields: ['login'], errors: ['INVALID_CREDENTIALS'] },
  ],
  ['a call without a session', { query: '{ roles { name } }' }, { fields: ['roles'], errors: ['UNAUTHENTICATED'] }],
  [
    'invalid input',
    { query: login, variables: { input: { email: 'x'.repeat(5000), password: 'x' } } },
    { status: 400, fields: ['login'], errors: ['BAD_USER_INPUT'] },
  ],
  ['an unknown field', { query: '{ planted }' }, { status: 400, errors: ['GRAPHQL_VALIDATION_FAILED'] }],
  ['a document that cannot be parsed', { query: '{' }, { status: 400, errors: ['GRAPHQL_PARSE_FAILED'] }],
  ['a body without a document', {}, { status: 400, errors: ['BAD_REQUEST'] }],
  ['a body that is not JSON', '{"query"', { status: 400, errors: ['BAD_REQUEST'] }],
  ['a body that is too large', { query: 'x'.repeat(200_000) }, { status: 413, errors: ['BAD_REQUEST'] }],
])('%s is logged by its error code', async (_what, body, expected) => {
  const record = await post(body);
  expect(record).toMatchObject(expected);
  const names = ['address', 'errors', 'fields', 'level', 'method', 'msg', 'operation', 'path', 'requestId', 'status'];
  expect(Object.keys(record).filter((name) => !names.includes(name))).toEqual([]);
});

test('responses outside GraphQL are logged by their error code, and long paths are truncated', async () => {
  expect(await get('/auth/verify')).toMatchObject({ status: 401, errors: ['UNAUTHENTICATED'] });
  expect(await get('/unknown?token=planted')).toMatchObject({ status: 404, path: '/unknown', errors: ['NOT_FOUND'] });
  const { path } = await get(`/${'x'.repeat(4000)}`);
  expect(path).toHaveLength(200);
});

test.each([
  ['/livez', {}],
  ['/readyz', {}],
  ['/metrics', bearer('metrics-token-0123456789abcdef')],
  ['/metrics', {}],
])('a probe of %s is logged at level debug', async (path, headers) => {
  expect(await get(path, headers)).toMatchObject({ level: 20, path });
});
