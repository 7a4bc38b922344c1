/**
 * Completes a response as the GraphQL specification demands (section 6.4.4): refused fields become null with an error,
 * a null in a non-null position propagates to the nearest nullable parent, and fields that an engine has left out become null.
 */
import {
  type ExecutionResult,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLError,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import { type AuthorizationOptions, type Denial, type Denials, denialError } from './decisions.ts';
import { applies, conditionOf, isExcluded, type Operation } from './selections.ts';

type Path = readonly (string | number)[];
type Fields = Map<string, FieldNode[]>;

/** A response reports at most this many refusals, and at least the first of each field. */
const mostErrors = 100;

export function complete(
  { definition, fragments, schema }: Operation,
  variables: Readonly<Record<string, unknown>>,
  denials: Denials,
  result: ExecutionResult,
  options: AuthorizationOptions,
): ExecutionResult {
  const refusals: GraphQLError[] = [];
  const reported = new Set<FieldNode>();
  const root = schema.getRootType(definition.operation);
  const data = root ? completeObject(root, result.data ?? {}, [definition.selectionSet], []) : null;
  const errors = [...(result.errors ?? []), ...refusals];
  return { ...result, data, ...(errors.length > 0 && { errors }) };

  function completeObject(
    type: GraphQLCompositeType,
    value: Readonly<Record<string, unknown>>,
    sets: readonly SelectionSetNode[],
    path: Path,
  ): Record<string, unknown> | null {
    const typeName = isAbstractType(type) ? value.__typename : type.name;
    const fields: Fields = new Map();
    for (const set of sets) collect(set, type, typeof typeName === 'string' ? typeName : null, fields);
    const concrete = typeof typeName === 'string' ? schema.getType(typeName) : null;
    const owner = isObjectType(concrete) ? concrete : isInterfaceType(type) ? type : null;
    const completed: Record<string, unknown> = Object.create(null);
    let isBroken = false;
    for (const [key, nodes] of fields) {
      const [node] = nodes;
      if (!node) continue;
      const fieldPath = [...path, key];
      const name = node.name.value;
      if (name.startsWith('__')) {
        completed[key] = name === TypeNameMetaFieldDef.name ? (typeName ?? value[key]) : value[key];
        continue;
      }
      const field = owner?.getFields()[name];
      if (!owner || !field) continue;
      const denial = denials.get(node)?.get(owner.name);
      if (denial) report(node, denial, fieldPath);
      completed[key] = denial ? null : completeValue(field.type, value[key], nodes, fieldPath);
      if (completed[key] === null && isNonNullType(field.type)) isBroken = true;
    }
    return isBroken ? null : completed;
  }

  function completeValue(type: GraphQLOutputType, value: unknown, nodes: readonly FieldNode[], path: Path): unknown {
    if (isNonNullType(type)) return completeValue(type.ofType, value, nodes, path);
    if (value === null || value === undefined || (Array.isArray(value) && value.length === 0))
      reportBelow(type, nodes, path);
    if (value === null || value === undefined) return null;
    if (isListType(type)) {
      const { ofType } = type;
      if (!Array.isArray(value)) return null;
      const items = value.map((item, index) => completeValue(ofType, item, nodes, [...path, index]));
      return isNonNullType(ofType) && items.includes(null) ? null : items;
    }
    if (!isCompositeType(type)) return value;
    if (typeof value !== 'object') return null;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return completeObject(type, { ...value }, sets, path);
  }

  /** Groups the selections by response key. Without the name of the type, fragments are included where they may apply. */
  function collect(
    { selections }: SelectionSetNode,
    type: GraphQLCompositeType,
    typeName: string | null,
    into: Fields,
  ) {
    for (const selection of selections) {
      if (isExcluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const known = into.get(key);
        if (known) known.push(selection);
        else into.set(key, [selection]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (!fragment) continue;
      const condition = conditionOf(schema, fragment);
      if (applies(schema, condition, typeName ?? type.name)) collect(fragment.selectionSet, type, typeName, into);
    }
  }

  function report(node: FieldNode, denial: Denial, path: Path): void {
    if (reported.has(node) && refusals.length >= mostErrors) return;
    reported.add(node);
    refusals.push(denialError(denial, options, path));
  }

  /** Refusals below a null or an empty list are reported there, unless they depend on the type of an object. */
  function reportBelow(type: GraphQLOutputType, nodes: readonly FieldNode[], path: Path): void {
    const inner = getNamedType(type);
    if (denials.size === 0 || !isCompositeType(inner)) return;
    const fields: Fields = new Map();
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    for (const set of sets) collect(set, inner, inner.name, fields);
    for (const [node, ...others] of fields.values()) {
      const field = node && 'getFields' in inner ? inner.getFields()[node.name.value] : undefined;
      if (!node || !field) continue;
      const denial = denials.get(node)?.get(inner.name);
      if (denial && !reported.has(node)) report(node, denial, path);
      if (!denial) reportBelow(field.type, [node, ...others], path);
    }
  }
}
