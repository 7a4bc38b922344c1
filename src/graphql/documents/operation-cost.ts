/**
 * Estimates the cost of an operation, in fields. The fields of a list count once for each item of the requested page.
 * graphql-armor's cost rule counts a page whose length is a variable as one item, so callers could evade it.
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
import { oncePerFragment } from './fragments.ts';

export const maxCost = 10_000;
const defaultPage = 20;
const longestPage = 100;
/** The whole schema is a large response. */
const introspectionCosts: Readonly<Record<string, number>> = { __schema: 3000, __type: 300, __typename: 1 };

export interface CostedOperation {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: readonly FragmentDefinitionNode[];
  variables: Readonly<Record<string, unknown>>;
}

/** The document is valid. @returns null when the operation is within the limit */
export function costProblem(costed: CostedOperation): GraphQLError | null {
  if (costOf(costed) <= maxCost) return null;
  return tooMuch('This operation is too expensive. Request smaller pages or fewer fields.');
}

export function costOf({ schema, operation, fragments, variables }: CostedOperation): number {
  const given = withDefaults(operation, variables);
  const ofFragment = oncePerFragment({
    find: (name) => fragments.find((node) => node.name.value === name),
    measure: ({ selectionSet, typeCondition }) => ofSet(selectionSet, schema.getType(typeCondition.name.value)),
    none: 0,
  });

  function ofSet({ selections }: SelectionSetNode, parent: GraphQLNamedType | undefined): number {
    return selections.reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) return sum + ofField(selection, parent);
      if (selection.kind === Kind.FRAGMENT_SPREAD) return sum + ofFragment(selection.name.value);
      const { typeCondition, selectionSet } = selection;
      return sum + ofSet(selectionSet, typeCondition ? schema.getType(typeCondition.name.value) : parent);
    }, 0);
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

/** The largest number of items. The edges and nodes of a connection are counted with its page. */
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

/** An invalid length is cut to the allowed range here; the resolver rejects it. */
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
