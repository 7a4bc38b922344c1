/** Walks the selections of an operation, and finds those that are under a directive of authorization. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type FieldOwner, objectTypesOf, type Requirement, type Requirements } from './directives.ts';

/** A field of a document that not every caller may select. */
export interface ProtectedField {
  owner: FieldOwner;
  /** By the name of the object type that is selected. One entry, unless the owner is an interface. */
  byType: ReadonlyMap<string, readonly Requirement[]>;
}

export interface Operation {
  document: DocumentNode;
  definition: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  schema: GraphQLSchema;
}

/** @returns null when the document has no operation, or several and no name */
export function operationIn(schema: GraphQLSchema, document: DocumentNode, name?: string | null): Operation | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  const [first, ...others] = name ? operations.filter((one) => one.name?.value === name) : operations;
  return first && others.length === 0 ? { document, definition: first, fragments, schema } : null;
}

/** The protected fields of the operation, with those that `@skip` may exclude. */
export function protectedFields(
  operation: Operation,
  requirements: Requirements,
): ReadonlyMap<FieldNode, ProtectedField> {
  const found = new Map<FieldNode, ProtectedField>();
  visitFields(operation, null, (node, owner) => {
    const types = isInterfaceType(owner) ? [owner, ...objectTypesOf(operation.schema, owner)] : [owner];
    const byType = new Map(types.map((type) => [type.name, requirements.ofField(type, node.name.value)]));
    if ([...byType.values()].some(({ length }) => length > 0)) found.set(node, { owner, byType });
  });
  return found;
}

/**
 * Visits each field once; those of introspection and of unions (`__typename`) are not visited.
 * @param variables null: visits excluded fields too
 */
export function visitFields(
  { definition, fragments, schema }: Operation,
  variables: Readonly<Record<string, unknown>> | null,
  visit: (node: FieldNode, owner: FieldOwner) => void,
): void {
  const spread = new Set<string>();
  const root = schema.getRootType(definition.operation);
  if (root) visitSet(definition.selectionSet, root);

  function visitSet({ selections }: SelectionSetNode, type: GraphQLCompositeType): void {
    for (const selection of selections) {
      if (variables && isExcluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) visitField(selection, type);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        visitSet(selection.selectionSet, conditionOf(schema, selection) ?? type);
      else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        const condition = fragment && conditionOf(schema, fragment);
        if (fragment && condition) visitSet(fragment.selectionSet, condition);
      }
    }
  }

  function visitField(node: FieldNode, type: GraphQLCompositeType): void {
    if (!isObjectType(type) && !isInterfaceType(type)) return;
    const field = type.getFields()[node.name.value];
    if (!field) return;
    visit(node, type);
    const inner = getNamedType(field.type);
    if (node.selectionSet && isCompositeType(inner)) visitSet(node.selectionSet, inner);
  }
}

export function isExcluded(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (!node.directives?.length) return false;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.if === true) return true;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if === false;
}

export function conditionOf(
  schema: GraphQLSchema,
  { typeCondition }: { readonly typeCondition?: FragmentDefinitionNode['typeCondition'] | undefined },
): GraphQLCompositeType | null {
  const type = typeCondition && schema.getType(typeCondition.name.value);
  return isCompositeType(type) ? type : null;
}

/** Whether a fragment on `condition` applies to an object of the type. */
export function applies(schema: GraphQLSchema, condition: GraphQLCompositeType | null, typeName: string): boolean {
  if (!condition || condition.name === typeName) return true;
  const type = schema.getType(typeName);
  return isAbstractType(condition) && isObjectType(type) && schema.isSubType(condition, type);
}
