/**
 * The SDL of Postern as a subgraph of Apollo Federation 2. What it says about who may ask for what is made from the
 * permission map, so that a router refuses what we would refuse; what a router lets pass, we judge all the same.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  lexicographicSortSchema,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import type { ShieldRule } from 'graphql-shield/dist/types.js';
import { demandOf } from './demands.ts';
import { fieldRules, operations } from './permissions.ts';
import { anyone } from './rules.ts';

/** 2.5 is the first version with authorization. */
const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable", "@authenticated", "@requiresScopes"])';

/** What a type is to other subgraphs. */
const directivesOfTypes: Readonly<Record<string, string>> = {
  User: '@key(fields: "id")',
  // Relay prescribes it, so every subgraph with lists has the same one.
  PageInfo: '@shareable',
};

/** Limits demand nothing of a token. */
const map = operations(() => anyone);
const rules: Readonly<Record<string, Readonly<Record<string, ShieldRule>>>> = { ...map, ...fieldRules };

export function printSubgraphSdl(schema: GraphQLSchema): string {
  const document = visit(withoutFederation(schema), {
    ObjectTypeDefinition: (node): ObjectTypeDefinitionNode => {
      const typeName = node.name.value;
      return {
        ...node,
        directives: readDirectives(directivesOfTypes[typeName] ?? ''),
        fields: (node.fields ?? []).map((field) => withDemand(field, rules[typeName]?.[field.name.value])),
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

function withDemand(field: FieldDefinitionNode, rule: ShieldRule | undefined): FieldDefinitionNode {
  const demand = rule ? demandOf(rule) : 'nobody';
  if (demand === 'nobody') return field;
  const isAnybody = demand.some((permissions) => permissions.length === 0);
  const directive = isAnybody ? '@authenticated' : `@requiresScopes(scopes: ${JSON.stringify(demand)})`;
  return { ...field, directives: readDirectives(directive) };
}

/** graphql's parser reads directives only where they stand on something. */
function readDirectives(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar Any ${text}`, { noLocation: true }).definitions;
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : [];
}
