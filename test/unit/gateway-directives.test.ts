/** Directives in schemas that today's composers no longer make, and the bound of the kept identities. */
import { buildSchema, type GraphQLSchema, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { requirementsOf } from '../../packages/gateway/src/authorization/directives.ts';
import { BoundedMap } from '../../packages/gateway/src/bounded-map.ts';

function requiredBy(schema: GraphQLSchema, typeName: string, field: string): string[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
  return requirementsOf(schema)
    .ofField(type, field)
    .map(({ directive }) => directive);
}

test('Renamed directives protect: an engine removes the @link that names them', () => {
  const places = 'on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM';
  const schema = buildSchema(`
    directive @signedIn ${places}
    directive @may(scopes: [[String!]!]!) ${places}
    directive @rule(policies: [[String!]!]!) ${places}
    directive @tag(name: String!) repeatable ${places}
    type Query { one: String @signedIn two: String @may(scopes: [["a"]]) three: String @rule(policies: [["p"]]) four: String @tag(name: "x") }
  `);
  expect(['one', 'two', 'three', 'four'].map((field) => requiredBy(schema, 'Query', field))).toEqual([
    ['authenticated'],
    ['requiresScopes'],
    ['policy'],
    [],
  ]);
  expect([...requirementsOf(schema).policies]).toEqual(['p']);
});

test('A directive that stands at an interface alone protects the fields of its implementations', () => {
  const schema = buildSchema(`
    directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
    interface Node { note: String @authenticated text: String @authenticated }
    type Letter implements Node { note: String text: String }
    type Secret implements Node { note: String @authenticated text: String }
    type Query { nodes: [Node] }
  `);
  expect(requiredBy(schema, 'Letter', 'text')).toEqual(['authenticated']);
  // Composition has collected this one from Secret.
  expect(requiredBy(schema, 'Letter', 'note')).toEqual([]);
});

test('A bounded map forgets its oldest entries', () => {
  const map = new BoundedMap<number, string>(10_000);
  for (let key = 0; key < 20_000; key += 1) map.set(key, 'token');
  expect([map.size, map.get(9_999), map.get(10_000)]).toEqual([10_000, undefined, 'token']);
});
