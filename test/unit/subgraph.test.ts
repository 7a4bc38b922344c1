/**
 * The SDL of the subgraph (graphql/federation/subgraph-sdl.ts): Apollo composes it, and its requirements equal those of
 * the permission map.
 */
import { readFile } from 'node:fs/promises';
import { composeServices } from '@apollo/composition';
import { type FieldDefinitionNode, Kind, type ObjectTypeDefinitionNode, parse, valueFromASTUntyped } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/domain/caller.ts';
import { Refusal } from '../../src/domain/errors.ts';
import type { Entry } from '../../src/graphql/permissions/entry.ts';
import { missingRequirement } from '../../src/graphql/permissions/missing-requirement.ts';
import { type Entries, fieldEntries, operations } from '../../src/graphql/permissions/permissions.ts';
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
  test('the committed SDL equals the SDL of the code: if not, run "npm run generate"', async () => {
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

  test('users and service accounts are entities with their id as the only key', () => {
    const keys = Object.values(typesOf(printSubgraph())).flatMap(({ name, directives = [] }) =>
      directives
        .filter((directive) => directive.name.value === 'key')
        .map(({ arguments: [fields] = [] }) => [name.value, fields && valueFromASTUntyped(fields.value)]),
    );
    expect(keys.sort()).toEqual([
      ['ServiceAccount', 'id'],
      ['User', 'id'],
    ]);
  });

  test.each([
    ['the public one', printSdl()],
    ['the subgraph’s', printSubgraph()],
  ])('%s omits what federation adds to the served schema', (_which, sdl) => {
    expect(sdl).not.toMatch(/_entities|_service|_Any|_Entity|_Service/);
  });

  test('equals the public SDL except for the directives and the subscriptions', () => {
    const withoutDirectives = printSubgraph().replace(/ @(key|shareable|requiresScopes|authenticated)(\(.*?\))?/g, '');
    const isOfStreams = (field: string) =>
      /^(Subscription|SessionEnding|PermissionsChanged|TokenExpiring|SignedInElsewhere)\./.test(field);
    expect(fieldsOf(withoutDirectives)).toEqual(fieldsOf(printSdl()).filter((field) => !isOfStreams(field)));
  });
});

describe('its requirements', () => {
  const { Subscription: _ofStreams, ...forwarded } = operations;
  const entries: Entries = { ...forwarded, ...fieldEntries };
  const ruled = Object.entries(entries).flatMap(([typeName, fields]) =>
    Object.entries(fields).map(([field, entry]) => [`${typeName}.${field}`, entry] as const),
  );
  const asked = ruled.filter(([name]) => !name.includes('._'));
  const printed = demandsIn(printSubgraph());

  test('name only what the map defines', () => {
    const names = ruled.map(([name]) => String(name));
    expect([...printed.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(printed.size).toBeGreaterThan(3);
  });

  test.each(asked)('%s: a matching token passes, and another is refused', (name, one) => {
    const demanded = printed.get(name);
    if (!demanded) {
      expect(verdictOf(one, null)).toBe('passes');
      return;
    }
    expect(verdictOf(one, null)).toBe('UNAUTHENTICATED');
    for (const permissions of demanded) {
      expect(verdictOf(one, permissions)).toBe('passes');
      for (const missing of permissions) {
        expect(
          verdictOf(
            one,
            permissions.filter((permission) => permission !== missing),
          ),
        ).toBe('FORBIDDEN');
      }
    }
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

/** Lists of permissions by field; an empty list stands for any signed-in user. */
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

/** @param permissions of a user whose session meets every other requirement; null: no user is signed in */
function verdictOf(entry: Entry, permissions: readonly string[] | null): string {
  const client = {
    ipAddress: null,
    userAgent: null,
    namesLanguage: false,
    claimedPlace: null,
    requestId: 'r',
    deviceToken: null,
    captchaToken: null,
  };
  const caller = permissions
    ? { client, viewer: viewerWith(permissions), refusal: null }
    : { client, viewer: null, refusal: new Refusal('UNAUTHENTICATED', { reason: 'NO_CREDENTIALS' }) };
  return missingRequirement(entry, { caller, isRouter: false })?.refusal.code ?? 'passes';
}

function viewerWith(permissions: readonly string[]): Viewer {
  const then = new Date(0);
  return {
    id: 'u',
    email: 'ada@example.com',
    emailVerified: true,
    displayName: null,
    locale: null,
    claimsExt: null,
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
      location: null,
      risk: null,
      authenticatedAt: then,
      assurance: 'AAL2',
      methods: ['PASSWORD', 'TOTP'],
    },
    standing: { recent: true, secondFactorRequired: true, secondFactor: 'proven', adminNetwork: true },
  };
}
