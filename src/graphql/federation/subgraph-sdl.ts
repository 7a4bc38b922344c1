/**
 * The SDL of Postern as a subgraph of Apollo Federation 2. Its directives are read from the permission map, so that a
 * router refuses what Postern would refuse. Postern checks again what a router lets pass. A token does not show a second
 * factor, a recent proof or a network, so no directive speaks of them.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import type { Entry } from '../permissions/entry.ts';
import { type Entries, fieldEntries, operations } from '../permissions/permissions.ts';
import { ErrorCodeEnum } from '../request/error-code.ts';

/** 2.5 is the first version with authorization. */
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@authenticated", "@requiresScopes"])';

/** What a type is to other subgraphs. */
const directivesOfTypes: Readonly<Record<string, string>> = {
  User: '@key(fields: "id")',
  ServiceAccount: '@key(fields: "id")',
  // Relay prescribes it, so every subgraph with lists has the same one.
  PageInfo: '@shareable',
};

const entries: Entries = { ...operations, ...fieldEntries };

export function printSubgraphSdl(schema: GraphQLSchema): string {
  const document = visit(withoutFederation(withoutSubscriptions(schema)), {
    ObjectTypeDefinition: (node): ObjectTypeDefinitionNode => {
      const typeName = node.name.value;
      return {
        ...node,
        directives: readDirectives(directivesOfTypes[typeName] ?? ''),
        fields: (node.fields ?? []).map((field) => withDemand(field, entries[typeName]?.[field.name.value])),
      };
    },
  });
  return `${link}\n\n${print(document)}\n`;
}

/** The schema as clients see it: `_entities`, `_service` and their types are between us and the router. */
export function withoutFederation(schema: GraphQLSchema): DocumentNode {
  const document = parse(printSchema(lexicographicSortSchema(schema)), { noLocation: true });
  const dropFederations = (node: { name: { value: string } }) => (node.name.value.startsWith('_') ? null : undefined);
  return visit(document, {
    ObjectTypeDefinition: dropFederations,
    UnionTypeDefinition: dropFederations,
    ScalarTypeDefinition: dropFederations,
    FieldDefinition: dropFederations,
  });
}

/** Clients open streams at Postern itself: a router keeps no stream open for them. */
function withoutSubscriptions(schema: GraphQLSchema): GraphQLSchema {
  const { subscription: _ofStreams, ...config } = schema.toConfig();
  return new GraphQLSchema({ ...config, types: [ErrorCodeEnum] });
}

function withDemand(field: FieldDefinitionNode, entry: Entry | undefined): FieldDefinitionNode {
  if (entry?.caller !== 'user') return field;
  const scopes = entry.anyOf.map((permission) => [permission]);
  const directive = scopes.length === 0 ? '@authenticated' : `@requiresScopes(scopes: ${JSON.stringify(scopes)})`;
  return { ...field, directives: readDirectives(directive) };
}

/** graphql's parser reads directives only where they stand on something. */
function readDirectives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Any ${text}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
