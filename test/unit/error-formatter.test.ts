/**
 * The errors that clients get (graphql/request/errors.ts): allowed codes and fields; any other error becomes a code and
 * a request id.
 */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { beforeEach, describe, expect, test } from 'vitest';
import { publicMessages, Refusal } from '../../src/domain/errors.ts';
import { createErrorFormatter, errorBody } from '../../src/graphql/request/errors.ts';
import { createLogger, requestScope } from '../../src/logger.ts';
import { HashGateFull } from '../../src/security/passwords/hash-gate.ts';

const planted = 'hunter2-Planted-5ecret';
const logs: string[] = [];
const format = createErrorFormatter(createLogger('trace', { write: (line) => logs.push(line) }));

beforeEach(() => {
  logs.length = 0;
});

/** An error of a resolver, as Apollo passes it on. */
function fromResolver(originalError: Error, message = originalError.message): GraphQLFormattedError {
  const error = new GraphQLError(message, { originalError, path: ['login'] });
  const formatted = { ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions } };
  return requestScope.run({ traceId: null, requestId: 'request-1', errorCodes: new Set() }, () =>
    format(formatted, error),
  );
}

/** An error of graphql or Apollo before a resolver runs. */
function fromProtocol(code: string, message: string, more: Record<string, unknown> = {}): GraphQLFormattedError {
  const error = new GraphQLError(message, { extensions: { code, ...more } });
  return requestScope.run({ traceId: null, requestId: 'request-1', errorCodes: new Set() }, () =>
    format(error.toJSON(), error),
  );
}

describe('an unexpected error', () => {
  const unexpected = Object.assign(new TypeError(`duplicate key (email)=(${planted})`), {
    detail: planted,
    code: 'XX999',
    extensions: { hint: planted },
  });

  test('shows its code, a fixed sentence and the request id, and nothing else', () => {
    expect(fromResolver(unexpected)).toEqual({
      message: publicMessages.INTERNAL_SERVER_ERROR,
      path: ['login'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' },
    });
  });

  test('is logged with name, code and place, with the request id and without its message', () => {
    fromResolver(unexpected);
    expect(logs).toHaveLength(1);
    expect(JSON.parse(logs.join())).toMatchObject({
      requestId: 'request-1',
      error: 'TypeError',
      code: 'XX999',
      at: expect.arrayContaining([expect.stringContaining('error-formatter.test.ts')]),
    });
    expect(logs.join()).not.toContain(planted);
  });

  test.each([
    ['a plain error', new Error(planted)],
    ['an error with a code of Postern', Object.assign(new Error(planted), { code: 'NOT_FOUND' })],
    ['an error with the name of a refusal', Object.assign(new Error(planted), { name: 'Refusal', options: {} })],
    ['a GraphQLError of a resolver with its own code', new GraphQLError(planted, { extensions: { code: 'OOPS' } })],
  ])('%s reveals nothing', (_what, error) => {
    const shown = fromResolver(error);
    expect(shown.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' });
    expect(JSON.stringify(shown)).not.toContain(planted);
  });

  test.each([planted, null, undefined, 7, { message: planted }])(
    'a thrown value that is not an error (%j) reveals nothing',
    (thrown) => {
      const shown = format({ message: planted, extensions: { stacktrace: [planted] } }, thrown);
      expect(shown).toEqual({
        message: publicMessages.INTERNAL_SERVER_ERROR,
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      });
      expect(logs).toHaveLength(1);
      expect(logs.join()).not.toContain(planted);
    },
  );
});

describe('a refusal', () => {
  test('shows its code and its sentence, and is not logged as a failure', () => {
    expect(fromResolver(new Refusal('INVALID_CREDENTIALS'))).toEqual({
      message: publicMessages.INVALID_CREDENTIALS,
      path: ['login'],
      extensions: { code: 'INVALID_CREDENTIALS', requestId: 'request-1' },
    });
    expect(logs).toEqual([]);
  });

  test('shows its public extensions', () => {
    const fields = [{ path: 'input.password', code: 'TOO_SHORT', message: 'Use at least 8 characters.' }];
    expect(fromResolver(new Refusal('BAD_USER_INPUT', { fields })).extensions).toMatchObject({ fields });
    expect(fromResolver(new Refusal('RATE_LIMITED', { retryAfterSeconds: 0 })).extensions).toMatchObject({
      retryAfter: 0,
    });
    expect(fromResolver(new Refusal('UNAUTHENTICATED', { reason: 'TOKEN_EXPIRED' })).extensions).toMatchObject({
      reason: 'TOKEN_EXPIRED',
    });
    expect(fromResolver(new Refusal('FORBIDDEN', { requiredPermission: 'profile:write' })).extensions).toMatchObject({
      requiredPermission: 'profile:write',
    });
  });

  test('never shows its detail', () => {
    expect(JSON.stringify(fromResolver(new Refusal('NOT_FOUND', { detail: planted })))).not.toContain(planted);
  });

  test('shows its own sentence, whatever the wrapping error says', () => {
    expect(fromResolver(new Refusal('NOT_FOUND'), planted).message).toBe(publicMessages.NOT_FOUND);
  });
});

describe('a temporary failure of a dependency', () => {
  test.each([
    ['a full hash gate', new HashGateFull(), 'SERVICE_BUSY'],
    ['a database that is down', Object.assign(new Error(planted), { code: 'ECONNREFUSED' }), 'SERVICE_UNAVAILABLE'],
    ['a database that shuts down', Object.assign(new Error(planted), { code: '57P01' }), 'SERVICE_UNAVAILABLE'],
    ['a statement that took too long', Object.assign(new Error(planted), { code: '57014' }), 'SERVICE_UNAVAILABLE'],
  ])('%s returns a time to retry', (_what, error, code) => {
    const { message, extensions } = fromResolver(error);
    expect(extensions).toEqual({ code, requestId: 'request-1', retryAfter: expect.any(Number) });
    expect([1, 2, 3]).toContain(extensions?.retryAfter);
    expect(message).not.toContain(planted);
  });
});

describe('errors before a resolver runs', () => {
  test.each([
    ['GRAPHQL_PARSE_FAILED', 'GRAPHQL_PARSE_FAILED'],
    ['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED'],
    ['BAD_USER_INPUT', 'BAD_USER_INPUT'],
    ['OPERATION_RESOLUTION_FAILURE', 'BAD_REQUEST'],
    ['PERSISTED_QUERY_NOT_SUPPORTED', 'BAD_REQUEST'],
    ['PERSISTED_QUERY_NOT_FOUND', 'BAD_REQUEST'],
    ['BAD_REQUEST', 'BAD_REQUEST'],
  ])('%s becomes our %s, without the original details', (code, ours) => {
    const shown = fromProtocol(code, 'x', { stacktrace: [planted], http: { status: 400 }, argumentName: planted });
    expect(shown.extensions).toEqual({ code: ours, requestId: 'request-1' });
    expect(logs).toEqual([]);
  });

  test.each([
    ['BAD_USER_INPUT', `Variable "$input" got invalid value "${planted}" at "input.age"; Int cannot represent it`],
    ['GRAPHQL_PARSE_FAILED', `Syntax Error: Unexpected String "${planted}".`],
    ['GRAPHQL_PARSE_FAILED', `Syntax Error: Unexpected Name "${planted}".`],
    ['GRAPHQL_VALIDATION_FAILED', `String cannot represent a non string value: ${planted}`],
    ['GRAPHQL_VALIDATION_FAILED', `Int cannot represent non-integer value: "${planted}"`],
    ['GRAPHQL_VALIDATION_FAILED', `Expected value of type "LoginInput!", found {password: "${planted}"}.`],
    ['GRAPHQL_VALIDATION_FAILED', `Enum "Colour" cannot represent non-enum value: "${planted}".`],
    ['GRAPHQL_VALIDATION_FAILED', `Variable "$input" got invalid value "${planted}"`],
    ['OPERATION_RESOLUTION_FAILURE', `Unknown operation named "${planted}".`],
    ['BAD_REQUEST', `Something "${planted}" happened`],
  ])('%s: a value in the message is removed', (code, message) => {
    expect(fromProtocol(code, message).message).not.toContain(planted);
  });

  test.each([
    'Cannot query field "x" on type "Query".',
    'Unknown argument "x" on field "Query.viewer".',
    'Unknown type "X".',
    'Unknown fragment "X".',
    'Field "viewer" of type "Viewer" must have a selection of subfields. Did you mean "viewer { ... }"?',
    'Variable "$x" is not defined.',
    'Variable "$x" of type "String" used in position expecting type "Int".',
    'A document may contain one mutation only. Send one request per mutation.',
  ])('a validation error with parts of the document is shown: %s', (message) => {
    expect(fromProtocol('GRAPHQL_VALIDATION_FAILED', message).message).toBe(message);
  });

  test('the location in the document is shown', () => {
    const formatted = {
      message: 'x',
      locations: [{ line: 2, column: 3 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    };
    expect(format(formatted, new GraphQLError('x'))).toMatchObject({ locations: [{ line: 2, column: 3 }] });
  });
});

describe('outside graphql', () => {
  test('an error has the same shape', () => {
    const refusal = new Refusal('RATE_LIMITED', { retryAfterSeconds: 7, detail: planted });
    expect(errorBody(refusal, 'request-2')).toEqual({
      errors: [
        {
          message: publicMessages.RATE_LIMITED,
          extensions: { code: 'RATE_LIMITED', requestId: 'request-2', retryAfter: 7 },
        },
      ],
    });
  });
});
