/** The cost of an operation (graphql/documents/operation-cost.ts). */
import { buildSchema, getIntrospectionQuery, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { costOf, costProblem, maxCost } from '../../src/graphql/documents/operation-cost.ts';

const schema = buildSchema(`
  type Query { viewer: User, users(first: Int, last: Int): UserConnection!, roles: [Role!]!, search: [Hit!] }
  type User { id: ID!, name: String, tags: [String!]!, friends(first: Int): UserConnection }
  type UserConnection { edges: [Edge!]!, nodes: [User!]!, totalCount: Int! }
  type Edge { node: User! }
  type Role { name: String!, permissions: [String!]! }
  union Hit = User | Role
`);

function costOfDocument(document: string, variables: Record<string, unknown> = {}) {
  const { definitions } = parse(document);
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation) throw new Error('there is no operation');
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return { schema, operation, fragments, variables };
}
const cost = (document: string, variables?: Record<string, unknown>) => costOf(costOfDocument(document, variables));

describe('a field costs', () => {
  test.each([
    ['one', '{ viewer { id } }', 2],
    ['one, also for a list of plain values', '{ viewer { tags } }', 2],
    ['its content once for each entry of its page', '{ users(first: 7) { nodes { id } } }', 1 + 7 * 2],
    ['the same through edges', '{ users(first: 7) { edges { node { id } } } }', 1 + 7 * 3],
    ['a page of twenty by default', '{ users { nodes { id } } }', 1 + 20 * 2],
    ['a hundred at most, because longer pages are refused', '{ users(first: 9000) { nodes { id } } }', 1 + 100 * 2],
    ['one at least', '{ users(first: -5) { nodes { id } } }', 1 + 2],
    ['the longer of two lengths', '{ users(first: 1, last: 30) { nodes { id } } }', 1 + 30 * 2],
    ['pages inside pages', '{ users(first: 10) { nodes { friends(first: 50) { nodes { id } } } } }', 1 + 10 * 102],
    ['twenty for a list without pages', '{ roles { name permissions } }', 1 + 20 * 2],
    ['the cost of its fragments', '{ viewer { ...F ...F } } fragment F on User { id name }', 1 + 4],
    ['the cost of its inline fragments', '{ search { ... on User { id } ... on Role { name } } }', 1 + 20 * 2],
    ['nothing more for an alias', '{ a: viewer { id } b: viewer { id } }', 4],
  ])('%s', (_what, document, expected) => {
    expect(cost(document)).toBe(expected);
  });

  test.each([
    ['given', { n: 50 }, 50],
    ['missing: the default', {}, 30],
    ['null: the default page', { n: null }, 20],
  ])('a page by a variable that is %s', (_what, variables, page) => {
    expect(cost('query ($n: Int = 30) { users(first: $n) { nodes { id } } }', variables)).toBe(1 + page * 2);
  });
});

describe('an operation', () => {
  const pages = 'query ($n: Int) { users(first: $n) { nodes { friends(first: $n) { nodes { id name } } } } }';

  test('that costs too much is refused, also through its variables', () => {
    expect(costProblem(costOfDocument(pages, { n: 50 }))).toBeNull();
    expect(costProblem(costOfDocument(pages, { n: 100 }))?.extensions).toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });

  test('with fragments that double is counted without being expanded', () => {
    const levels = Array.from({ length: 60 }, (_, n) => `fragment F${n} on User { ...F${n + 1} ...F${n + 1} }`);
    expect(cost(`{ viewer { ...F0 } } ${levels.join(' ')} fragment F60 on User { id }`)).toBeGreaterThan(maxCost);
  });

  test('for the introspection of tools is accepted, and ten of it are refused', () => {
    expect(cost(getIntrospectionQuery({ inputValueDeprecation: true }))).toBeLessThan(maxCost);
    const ten = Array.from({ length: 10 }, (_, n) => `s${n}: __schema { types { name } }`).join(' ');
    expect(cost(`{ ${ten} }`)).toBeGreaterThan(maxCost);
  });
});
