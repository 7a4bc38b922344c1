/** Variables (graphql/documents/variables.ts): a problem is reported by path and code, never with the value. */

import { buildSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createApollo } from '../../src/graphql/apollo.ts';
import { variableProblems } from '../../src/graphql/documents/variables.ts';
import { createDeny } from '../../src/graphql/permissions/deny.ts';
import { RequestLimits } from '../../src/graphql/rate-limits/rate-limit-headers.ts';
import { createLimited } from '../../src/graphql/rate-limits/rate-limits.ts';
import type { Context } from '../../src/graphql/request/context.ts';
import { buildGuardedSchema } from '../../src/graphql/schema.ts';
import { createLogger } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { defaultLimits } from '../../src/ratelimit/limits.ts';
import { createRateLimiter } from '../../src/ratelimit/rate-limiter.ts';

const schema = buildSchema(`
  enum Colour { RED GREEN }
  input Address { city: String!, lines: [String!]! }
  input PersonInput {
    name: String!
    age: Int
    nick: String! = "none"
    colour: Colour
    address: Address
    friends: [PersonInput!]
  }
  type Query { person(input: PersonInput!, first: Int, ids: [ID!]): Int }
`);

function problems(variables: Readonly<Record<string, unknown>>, signature = '$input: PersonInput!') {
  const [operation] = parse(`query (${signature}) { person(input: $input) }`).definitions;
  if (operation?.kind !== 'OperationDefinition') throw new Error('there is no operation');
  return variableProblems(schema, operation, variables);
}

/** Path and code, without the message. */
function problemsOf(...given: Parameters<typeof problems>): string[] {
  return problems(...given).map(({ path, code }) => `${path} ${code}`);
}

describe('no problem', () => {
  test.each([
    ['the minimum', { name: 'Ada' }],
    ['a permitted null', { name: 'Ada', age: null, address: null, friends: null }],
    ['everything', { name: 'Ada', age: 36, nick: 'A', colour: 'RED', address: { city: 'London', lines: ['a', 'b'] } }],
    ['one value in place of a list', { name: 'Ada', friends: { name: 'Charles' } }],
    ['nested objects', { name: 'Ada', friends: [{ name: 'Charles', friends: [{ name: 'Mary' }] }] }],
  ])('with %s', (_what, input) => {
    expect(problems({ input })).toEqual([]);
  });

  test('with variables that the operation does not declare', () => {
    expect(problems({ input: { name: 'Ada' }, other: { anything: true } })).toEqual([]);
  });

  test('with an optional variable left out, or one with a default', () => {
    expect(problems({}, '$first: Int')).toEqual([]);
    expect(problems({}, '$first: Int! = 3')).toEqual([]);
  });

  test('with unknown types, which validation reports', () => {
    expect(problems({ input: 1 }, '$input: Missing!')).toEqual([]);
    expect(problems({ input: 1 }, '$input: Query!')).toEqual([]);
  });

  test('when the operation has no variables', () => {
    const [operation] = parse('{ person(input: { name: "Ada" }) }').definitions;
    if (operation?.kind !== 'OperationDefinition') throw new Error('there is no operation');
    expect(variableProblems(schema, operation, { input: 1 })).toEqual([]);
  });
});

describe('missing', () => {
  test('a whole variable', () => {
    expect(problemsOf({})).toEqual(['input REQUIRED']);
    expect(problemsOf({ input: undefined })).toEqual(['input REQUIRED']);
  });

  test('an inherited property is not a value', () => {
    expect(problemsOf({}, '$constructor: Int!, $toString: Int!')).toEqual([
      'constructor REQUIRED',
      'toString REQUIRED',
    ]);
  });

  test('a field of the input is named', () => {
    expect(problemsOf({ input: {} })).toEqual(['input.name REQUIRED']);
  });

  test('a nested field is named with its path', () => {
    expect(problemsOf({ input: { name: 'Ada', address: { lines: [] } } })).toEqual(['input.address.city REQUIRED']);
    expect(problemsOf({ input: { name: 'Ada', friends: [{ name: 'Charles' }, {}] } })).toEqual([
      'input.friends.1.name REQUIRED',
    ]);
  });
});

describe('unknown', () => {
  test('a field is reported as unknown', () => {
    expect(problems({ input: { name: 'Ada', surname: 'King' } }).map(({ code }) => code)).toEqual(['UNKNOWN_FIELD']);
  });

  test('the suggestion of graphql-js is omitted', () => {
    expect(JSON.stringify(problems({ input: { name: 'Ada', colou: 'RED' } }))).not.toContain('colour');
  });
});

describe('of the wrong type', () => {
  test.each([
    ['a text for the whole input', 'Ada', 'input WRONG_TYPE'],
    ['a list for the whole input', [{ name: 'Ada' }, { name: 'Eve' }], 'input WRONG_TYPE'],
    ['null for the whole input', null, 'input WRONG_TYPE'],
    ['a number for a text', { name: 7 }, 'input.name WRONG_TYPE'],
    ['null for a required text', { name: null }, 'input.name WRONG_TYPE'],
    ['an object for a text', { name: { $ne: '' } }, 'input.name WRONG_TYPE'],
    ['a list for a text', { name: ['Ada'] }, 'input.name WRONG_TYPE'],
    ['a text for a number', { name: 'Ada', age: '36' }, 'input.age WRONG_TYPE'],
    ['a fraction for an integer', { name: 'Ada', age: 36.5 }, 'input.age WRONG_TYPE'],
    ['an unknown enum value', { name: 'Ada', colour: 'BLUE' }, 'input.colour WRONG_TYPE'],
    ['null for a default', { name: 'Ada', nick: null }, 'input.nick WRONG_TYPE'],
  ])('%s', (_what, input, expected) => {
    expect(problemsOf({ input })).toContain(expected);
  });

  test('the position in a list is reported', () => {
    expect(problemsOf({ input: { name: 'Ada', address: { city: 'x', lines: ['a', 1, 'b', null] } } })).toEqual([
      'input.address.lines.1 WRONG_TYPE',
      'input.address.lines.3 WRONG_TYPE',
    ]);
    expect(problemsOf({ ids: [['a']] }, '$ids: [ID!]')).toEqual(['ids.0 WRONG_TYPE']);
  });

  test('the position and the field in a list of objects are reported', () => {
    expect(problemsOf({ input: { name: 'Ada', friends: [{ name: 'Charles' }, { name: 1, age: 'x' }] } })).toEqual([
      'input.friends.1.name WRONG_TYPE',
      'input.friends.1.age WRONG_TYPE',
    ]);
  });

  test('a value that imitates another error message is treated as a value', () => {
    const imitation = 'x" is not defined by type "y';
    expect(problemsOf({ input: { name: 'Ada', colour: imitation } })).toEqual(['input.colour WRONG_TYPE']);
  });

  test('every problem of every variable is reported', () => {
    const signature = '$input: PersonInput!, $first: Int, $ids: [ID!]';
    const given = problemsOf({ input: { name: 1, age: 'x' }, first: 'x', ids: [null] }, signature);
    expect(given).toEqual(['input.name WRONG_TYPE', 'input.age WRONG_TYPE', 'first WRONG_TYPE', 'ids.0 WRONG_TYPE']);
  });
});

const planted = 'hunter2-Planted-5ecret';

test.each([
  ['in place of the input', planted],
  ['in place of a number', { name: 'Ada', age: planted }],
  ['in place of an enum', { name: 'Ada', colour: planted }],
  ['in place of an object', { name: 'Ada', address: planted }],
  ['in place of a list', { name: 'Ada', address: { city: 'x', lines: { x: planted } } }],
  ['in an extra list', { name: [planted] }],
  ['in an extra object', { name: { password: planted } }],
  ['in an unknown field', { name: 'Ada', password: planted }],
  ['as the name of a field', { name: 'Ada', [planted]: 1 }],
  ['beside a missing field', { nick: planted }],
])('a secret %s is never echoed', (_where, input) => {
  const found = problems({ input });
  expect(found.length).toBeGreaterThan(0);
  expect(JSON.stringify(found)).not.toContain(planted);
});

describe('with the real schema', () => {
  const metrics = createMetrics();
  const limits = {
    limiter: createRateLimiter({ limits: defaultLimits, redisUrl: null, instances: null }),
    limits: defaultLimits,
    allowlist: [],
    metrics,
  };
  const logger = createLogger('silent');
  const schema = buildGuardedSchema(createLimited(limits), createDeny(logger));
  const options = { introspection: false, federation: false, suggestions: false, logger, limits };
  const apollo = createApollo(schema, options);
  const document = 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }';

  // Nothing else of the context is used: the variables are checked before any rule or resolver runs.
  const contextValue = { noteOperation: () => undefined, limits: new RequestLimits() } as Partial<Context> as Context;

  test.each([
    ['a password in a list', { email: 'ada@example.com', password: [planted] }, 'input.password', 'WRONG_TYPE'],
    ['an operator object', { email: 'ada@example.com', password: { $ne: planted } }, 'input.password', 'WRONG_TYPE'],
    ['an address that is a number', { email: 7, password: planted }, 'input.email', 'WRONG_TYPE'],
    ['a missing password', { email: `${planted}@example.com` }, 'input.password', 'REQUIRED'],
  ])('%s is answered with BAD_USER_INPUT and its path, and without the value', async (_what, input, path, code) => {
    const { body } = await apollo.executeOperation({ query: document, variables: { input } }, { contextValue });
    if (body.kind !== 'single') throw new Error('expected a single answer');
    const { data, errors } = body.singleResult;
    expect(data ?? null).toBeNull();
    expect(errors).toEqual([
      expect.objectContaining({
        extensions: { code: 'BAD_USER_INPUT', fields: [{ path, code, message: expect.any(String) }] },
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain(planted);
  });
});
