/**
 * Removes refused fields from an operation before an engine plans it: no subgraph request contains them. A field that
 * only some types refuse is selected on the others.
 */
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Denials } from './decisions.ts';
import { objectTypesOf } from './directives.ts';
import { conditionOf, isExcluded, type Operation, type ProtectedField } from './selections.ts';

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/**
 * Adds `__typename` where the type of an object is open: completion.ts needs it. Removes `@defer` and `@stream`: a
 * completed response has one part.
 */
export function prune(
  { definition, fragments, schema }: Operation,
  fields: ReadonlyMap<FieldNode, ProtectedField>,
  denials: Denials,
  variables: Readonly<Record<string, unknown>>,
): DocumentNode {
  const used = new Map<string, FragmentDefinitionNode>();
  const root = schema.getRootType(definition.operation) ?? null;
  const operation = { ...definition, selectionSet: pruneSet(definition.selectionSet, root) };
  return { kind: Kind.DOCUMENT, definitions: [operation, ...used.values()] };

  function pruneSet({ selections }: SelectionSetNode, type: GraphQLCompositeType | null): SelectionSetNode {
    const kept = selections.flatMap((selection) => pruneSelection(selection, type));
    const isOpen = kept.length === 0 || isAbstractType(type);
    return { kind: Kind.SELECTION_SET, selections: isOpen ? [typename, ...kept] : kept };
  }

  function pruneSelection(selection: SelectionNode, type: GraphQLCompositeType | null): SelectionNode[] {
    if (isExcluded(selection, variables)) return [];
    const directives = selection.directives?.filter(isKept) ?? [];
    if (selection.kind === Kind.FIELD) return pruneField({ ...selection, directives }, selection, type);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const selectionSet = pruneSet(selection.selectionSet, conditionOf(schema, selection) ?? type);
      return [{ ...selection, directives, selectionSet }];
    }
    pruneFragment(selection.name.value);
    return [{ ...selection, directives }];
  }

  function pruneField(node: FieldNode, original: FieldNode, type: GraphQLCompositeType | null): SelectionNode[] {
    const denied = denials.get(original);
    const owner = fields.get(original)?.owner;
    if (denied && (!owner || denied.has(owner.name))) return [];
    const definition = type && 'getFields' in type ? type.getFields()[node.name.value] : undefined;
    const inner = definition && getNamedType(definition.type);
    const pruned = node.selectionSet
      ? { ...node, selectionSet: pruneSet(node.selectionSet, isCompositeType(inner) ? inner : null) }
      : node;
    if (!denied || !owner) return [pruned];
    const allowed = objectTypesOf(schema, owner).filter(({ name }) => !denied.has(name));
    return allowed.map(({ name }) => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } },
      selectionSet: { kind: Kind.SELECTION_SET, selections: [pruned] },
    }));
  }

  function pruneFragment(name: string): void {
    const fragment = fragments.get(name);
    if (!fragment || used.has(name)) return;
    // Valid documents have no cycles; this entry ends the recursion for any other.
    used.set(name, fragment);
    used.set(name, { ...fragment, selectionSet: pruneSet(fragment.selectionSet, conditionOf(schema, fragment)) });
  }
}

function isKept({ name }: DirectiveNode): boolean {
  return name.value !== 'defer' && name.value !== 'stream';
}
