/** Limits the size of a document before graphql validates it, and its cost before anything is fetched. */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLOutputType,
  getArgumentValues,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type ParseOptions,
  parse,
  type SelectionSetNode,
  type Source,
} from 'graphql';
import { conditionOf, isExcluded, type Operation } from '../authorization/selections.ts';
import { badRequest } from '../refusals.ts';

export interface DocumentLimits {
  maxCost: number;
  maxDepth: number;
}

const maxTokens = 2000;
/** Fields, with each fragment counted at every spread. */
const mostFields = 1000;
/** Fields of one name in one place: graphql compares each pair. */
const mostOfOneName = 30;
/** Of a list without a size in its arguments. */
const assumedSize = 10;
const sizeArguments = ['first', 'last', 'limit'] as const;
const mutationCost = 10;

export function parseBounded(source: string | Source, options?: ParseOptions): DocumentNode {
  return parse(source, { ...options, maxTokens });
}

/** @returns why the document is not validated, or null */
export function sizeProblem({ definitions }: DocumentNode, { maxDepth }: DocumentLimits): GraphQLError | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const sizes = new Map<string, Size>();
  let isCrowded = false;
  for (const node of definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, fields } = measure(node.selectionSet);
    if (depth > maxDepth) return badRequest(`This document is deeper than ${maxDepth} fields.`);
    if (fields > mostFields)
      return badRequest(
        `This document selects more than ${mostFields} fields, fragments counted wherever they are spread.`,
      );
  }
  return isCrowded ? badRequest(`This document selects a field more than ${mostOfOneName} times in one place.`) : null;

  function measure({ selections }: SelectionSetNode): Size {
    let [depth, fields] = [0, 0];
    const times = new Map<string, number>();
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        times.set(key, (times.get(key) ?? 0) + 1);
        const inner = selection.selectionSet ? measure(selection.selectionSet) : { depth: 0, fields: 0 };
        // Its depth is graphql's own concern, and the usual introspection query is deep.
        depth = Math.max(depth, selection.name.value.startsWith('__') ? 1 : 1 + inner.depth);
        fields += 1 + inner.fields;
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT ? measure(selection.selectionSet) : sizeOf(selection.name.value);
        depth = Math.max(depth, inner.depth);
        fields += inner.fields;
      }
    }
    if (Math.max(0, ...times.values()) > mostOfOneName) isCrowded = true;
    return { depth, fields };
  }

  function sizeOf(name: string): Size {
    const known = sizes.get(name);
    if (known) return known;
    // Of a fragment that contains itself: graphql refuses it.
    sizes.set(name, { depth: 0, fields: 0 });
    const fragment = fragments.get(name);
    const size = fragment ? measure(fragment.selectionSet) : { depth: 0, fields: 0 };
    sizes.set(name, size);
    return size;
  }
}

interface Size {
  depth: number;
  fields: number;
}

/** @returns why the operation is not executed, or null */
export function costProblem(
  operation: Operation,
  variables: Readonly<Record<string, unknown>>,
  { maxCost }: DocumentLimits,
): GraphQLError | null {
  const cost = costOf(operation, variables);
  if (cost <= maxCost) return null;
  return badRequest(`This operation has a cost of ${cost}. The limit is ${maxCost}. Select less, or smaller lists.`);
}

/** One for each object, those of lists by the size that the arguments ask for. */
function costOf({ definition, fragments, schema }: Operation, variables: Readonly<Record<string, unknown>>): number {
  const root = schema.getRootType(definition.operation);
  const base = definition.operation === 'mutation' ? mutationCost : 0;
  return root ? base + costOfSet(definition.selectionSet, root) : base;

  function costOfSet({ selections }: SelectionSetNode, type: GraphQLOutputType): number {
    let cost = 0;
    for (const selection of selections) {
      if (isExcluded(selection, variables)) continue;
      if (selection.kind !== Kind.FIELD) {
        const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (fragment) cost += costOfSet(fragment.selectionSet, conditionOf(schema, fragment) ?? type);
        continue;
      }
      const field = 'getFields' in type ? type.getFields()[selection.name.value] : undefined;
      if (!field || !('type' in field) || !selection.selectionSet || !('args' in field)) continue;
      const inner = getNamedType(field.type);
      if (!isCompositeType(inner)) continue;
      const args = field.args.length > 0 ? getArgumentValues(field, selection, variables) : {};
      cost += sizeOf(field.type, args) * (1 + costOfSet(selection.selectionSet, inner));
    }
    return cost;
  }
}

function sizeOf(type: GraphQLOutputType, args: Readonly<Record<string, unknown>>): number {
  const asked = sizeArguments.map((name) => args[name]).find((value) => typeof value === 'number');
  if (typeof asked === 'number') return Math.max(1, asked);
  const outer = isNonNullType(type) ? type.ofType : type;
  return isListType(outer) ? assumedSize : 1;
}
