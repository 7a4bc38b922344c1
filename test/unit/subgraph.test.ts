/** The subgraph's SDL (graphql/subgraph-sdl.ts): Apollo composes it, and what it demands is what the permission map demands. */
import { readFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import {
  buildSchema,
  type FieldDefinitionNode,
  graphql,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  valueFromASTUntyped,
} from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { and, deny, or, rule, shield } from 'graphql-shield';
import type { ShieldRule } from 'graphql-shield/dist/types.js';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/domain/caller.ts';
import { Refusal } from '../../src/domain/errors.ts';
import { demandOf } from '../../src/graphql/demands.ts';
import { fieldRules, operations } from '../../src/graphql/permissions.ts';
import {
  aal2,
  anyone,
  anyoneWithoutBadToken,
  can,
  enrolled,
  fromAdminNetwork,
  holds,
  recent,
  signedIn,
} from '../../src/graphql/rules.ts';
import { printSdl, printSubgraph } from '../../src/graphql/sdl.ts';

const reviews = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@authenticated"])
  type Query { latestReviews: [Review!]! }
  type Review @key(fields: "id") { id: ID!, text: String!, author: User! }
  type User @key(fields: "id") { id: ID!, reviews: [Review!]! @authenticated, reviewPage: ReviewConnection! }
  type ReviewConnection { nodes: [Review!]!, pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String, endCursor: String }
`);

describe('the SDL', () => {
  test('the committed one is the one of the code: otherwise run "npm run generate"', async () => {
    const committed = await readFile(new URL('../../schema/subgraph.graphql', import.meta.url), 'utf8');
    expect(printSubgraph()).toBe(committed);
  });

  test('Apollo composes it with a subgraph that extends User', () => {
    const services = [
      { name: 'postern', url: 'https://auth.example.com/graphql', typeDefs: parse(printSubgraph()) },
      { name: 'reviews', url: 'https://reviews.example.com/graphql', typeDefs: reviews },
    ];
    const { errors, supergraphSdl = '' } = composeServices(services);
    expect(errors).toBeUndefined();
    expect(fieldsOf(supergraphSdl)).toEqual(
      expect.arrayContaining(['User.displayName', 'User.reviews', 'Viewer.user']),
    );
    expect(supergraphSdl).toContain('@requiresScopes(scopes: [["sessions:own"]])');
  });

  test('User is an entity by its id alone', () => {
    const keys = Object.values(typesOf(printSubgraph())).flatMap(({ name, directives = [] }) =>
      directives
        .filter((directive) => directive.name.value === 'key')
        .map(({ arguments: [fields] = [] }) => [name.value, fields && valueFromASTUntyped(fields.value)]),
    );
    expect(keys).toEqual([['User', 'id']]);
  });

  test.each([
    ['the public one', printSdl()],
    ['the subgraph’s', printSubgraph()],
  ])('%s is silent about what federation adds to the served schema', (_which, sdl) => {
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity|_Service/);
  });

  test('but for the directives it is the public one', () => {
    const withoutDirectives = printSubgraph().replace(/ @(key|shareable|requiresScopes|authenticated)(\(.*?\))?/g, '');
    expect(fieldsOf(withoutDirectives)).toEqual(fieldsOf(printSdl()));
  });
});

describe('what it demands', () => {
  const map = operations(() => anyone);
  const ruled = Object.entries<Readonly<Record<string, ShieldRule>>>({ ...map, ...fieldRules }).flatMap(
    ([typeName, rules]) => Object.entries(rules).map(([field, one]) => [`${typeName}.${field}`, one] as const),
  );
  const asked = ruled.filter(([name]) => !name.includes('._'));
  const printed = demandsIn(printSubgraph());

  test('stands on nothing that the map does not speak of', () => {
    const names = ruled.map(([name]) => String(name));
    expect([...printed.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(printed.size).toBeGreaterThan(3);
  });

  // The rules themselves are asked, not what they say of themselves.
  test.each(asked)('%s: a token that fits passes, one that does not is refused', async (name, one) => {
    const demanded = printed.get(name);
    if (!demanded) {
      expect(await verdictOf(one, null)).toBe('passes');
      return;
    }
    expect(await verdictOf(one, null)).toBe('UNAUTHENTICATED');
    for (const permissions of demanded) {
      expect(await verdictOf(one, permissions)).toBe('passes');
      for (const missing of permissions) {
        expect(
          await verdictOf(
            one,
            permissions.filter((permission) => permission !== missing),
          ),
        ).toBe('FORBIDDEN');
      }
    }
  });

  test.each<[string, ShieldRule, ReturnType<typeof demandOf>]>([
    ['anyone', anyone, 'nobody'],
    ['anyone without a bad token', anyoneWithoutBadToken, 'nobody'],
    ['signed in', signedIn, [[]]],
    ['enrolled', enrolled, [[]]],
    ['a permission', holds('users:read'), [['users:read']]],
    ['a permission of the enrolled', can('users:read'), [['users:read']]],
    ['what an administrator needs', and(can('users:read'), aal2, recent, fromAdminNetwork), [['users:read']]],
    ['two permissions', and(can('users:read'), holds('roles:read')), [['users:read', 'roles:read']]],
    ['one of two permissions', or(can('users:read'), can('roles:read')), [['users:read'], ['roles:read']]],
    [
      'one of two, and a third',
      and(or(can('users:read'), can('roles:read')), can('audit:read')),
      [
        ['users:read', 'audit:read'],
        ['roles:read', 'audit:read'],
      ],
    ],
    ['a permission, or just to be signed in', or(can('users:read'), signedIn), [[]]],
    ['a permission, or nobody at all', or(can('users:read'), anyone), 'nobody'],
    ['limits around a permission', and(anyone, and(anyone, can('users:read'))), [['users:read']]],
  ])('%s', (_what, one, demand) => {
    expect(demandOf(one)).toEqual(demand);
  });

  test('a rule that does not say what it demands stops the printing: it would look open to anybody', () => {
    expect(() => demandOf(rule()(() => false))).toThrow('does not say what it demands');
    expect(() =>
      demandOf(
        and(
          anyone,
          rule()(() => false),
        ),
      ),
    ).toThrow('does not say what it demands');
    expect(() => demandOf(deny)).toThrow('does not say what it demands');
  });
});

function typesOf(sdl: string): Record<string, ObjectTypeDefinitionNode> {
  const definitions = parse(sdl).definitions.filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION);
  return Object.fromEntries(definitions.map((node) => [node.name.value, node]));
}

function fieldsOf(sdl: string): string[] {
  return Object.values(typesOf(sdl)).flatMap(({ name, fields = [] }) =>
    fields.map((field) => `${name.value}.${field.name.value}`),
  );
}

/** Lists of permissions by field; an empty list stands for anybody who is signed in. */
function demandsIn(sdl: string): Map<string, string[][]> {
  const found = new Map<string, string[][]>();
  for (const { name, fields = [] } of Object.values(typesOf(sdl))) {
    for (const field of fields) {
      const demand = demandIn(field);
      if (demand) found.set(`${name.value}.${field.name.value}`, demand);
    }
  }
  return found;
}

function demandIn({ directives = [] }: FieldDefinitionNode): string[][] | null {
  for (const { name, arguments: [scopes] = [] } of directives) {
    if (name.value === 'authenticated') return [[]];
    if (name.value === 'requiresScopes' && scopes) return JSON.parse(JSON.stringify(valueFromASTUntyped(scopes.value)));
  }
  return null;
}

/** @param permissions of a viewer whose session leaves nothing to be desired; null: nobody is signed in */
async function verdictOf(one: ShieldRule, permissions: readonly string[] | null): Promise<string> {
  const schema = applyMiddleware(
    buildSchema('type Query { asked: Boolean }'),
    shield({ Query: { asked: one } }, { allowExternalErrors: true, fallbackRule: deny }).generate(
      buildSchema('type Query { asked: Boolean }'),
    ),
  );
  const client = { ipAddress: null, userAgent: null, requestId: 'r', deviceToken: null };
  const caller = permissions
    ? { client, viewer: viewerWith(permissions), refusal: null }
    : { client, viewer: null, refusal: new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' }) };
  const { errors } = await graphql({ schema, source: '{ asked }', contextValue: { caller, isRouter: false } });
  const [error] = errors ?? [];
  if (!error) return 'passes';
  return error.originalError instanceof Refusal ? error.originalError.code : error.message;
}

function viewerWith(permissions: readonly string[]): Viewer {
  const then = new Date(0);
  return {
    id: 'u',
    email: 'ada@example.com',
    emailVerified: true,
    displayName: null,
    locale: null,
    role: { name: 'ANY', rank: 50, permissions: [...permissions], system: false },
    createdAt: then,
    session: {
      id: 's',
      current: true,
      createdAt: then,
      lastUsedAt: then,
      expiresAt: then,
      ipAddress: null,
      userAgent: null,
      deviceName: null,
      authenticatedAt: then,
      assurance: 'AAL2',
      methods: ['PASSWORD', 'TOTP'],
    },
    standing: { recent: true, secondFactorRequired: true, secondFactor: 'proven', adminNetwork: true },
  };
}
