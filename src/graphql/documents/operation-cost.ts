/**
 * What answering an operation would take, in fields: those of a list as often as the page it asks for is long, variables
 * included. graphql-armor's cost rule takes pages by variable for one item, which is a way around it.
 */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { tooMuch } from './document-limits.ts';

export const maxCost = 10_000;
const defaultPage = 20;
const longestPage = 100;
/** The whole schema is a long answer. */
const introspectionCosts: Readonly<Record<string, number>> = { __schema: 3000, __type: 300, __typename: 1 };

export interface Costed {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: readonly FragmentDefinitionNode[];
  variables: Readonly<Record<string, unknown>>;
}

/** @returns the refusal of an operation that would take too much. The document is valid. */
export function costProblem(costed: Costed): GraphQLError | null {
  if (costOf(costed) <= maxCost) return null;
  return tooMuch('This operation is too expensive. Request smaller pages or fewer fields.');
}

export function costOf({ schema, operation, fragments, variables }: Costed): number {
  const known = new Map<string, number>();
  const given = withDefaults(operation, variables);

  function ofSet({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): number {
    return selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, parent);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value);
      const { typeCondition, selectionSet } = selection;
      return sum + ofSet(selectionSet, typeCondition ? schema.getType(typeCondition.name.value) : parent);
    }, 0);
  }

  function ofFragment(name: string): number {
    const counted = known.get(name);
    if (counted !== undefined) return counted;
    const fragment = fragments.find((node) => node.name.value === name);
    const cost = fragment ? ofSet(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value)) : 0;
    known.set(name, cost);
    return cost;
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined): number {
    const own = introspectionCosts[node.name.value];
    if (own !== undefined) return own;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    if (!field || !node.selectionSet) return 1;
    return 1 + lengthOf(node, field, parent, given) * ofSet(node.selectionSet, getNamedType(field.type));
  }

  return ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
}

/** How many there may be. The edges and nodes of a connection are counted with its page. */
function lengthOf(
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
  parent: GraphQLNamedType | undefined,
  variables: Readonly<Record<string, unknown>>,
): number {
  const isPaged = field.args.some(({ name }) => name === 'first' || name === 'last');
  if (isPaged) return pageOf(node, variables);
  const isList = isListType(getNullableType(field.type));
  const isCounted = parent?.name.endsWith('Connection');
  return isList && !isCounted && isCompositeType(getNamedType(field.type)) ? defaultPage : 1;
}

/** A length that is none is the resolver's to refuse. */
function pageOf(node: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const lengths = (node.arguments ?? [])
    .filter(({ name }) => name.value === 'first' || name.value === 'last')
    .map(({ value }) => valueFromASTUntyped(value, variables))
    .filter((length) => typeof length === 'number');
  const asked = lengths.length > 0 ? Math.max(...lengths) : defaultPage;
  return Math.min(Math.max(asked, 1), longestPage);
}

function withDefaults(
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
  );
  return { ...Object.fromEntries(defaults), ...variables };
}
