/**
 * Reads `@authenticated`, `@requiresScopes` and `@policy` from a composed schema: what a caller must hold to select a field.
 */
import {
  type ConstDirectiveNode,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isListType,
  isNonNullType,
  valueFromASTUntyped,
} from 'graphql';

export type DirectiveName = 'authenticated' | 'requiresScopes' | 'policy';

export interface Requirement {
  directive: DirectiveName;
  /** The outer list is "or", the inner one is "and". Empty for `@authenticated`. */
  anyOf: readonly (readonly string[])[];
  /** The element that carries the directive: `Type` or `Type.field`. */
  coordinate: string;
}

export type FieldOwner = GraphQLObjectType | GraphQLInterfaceType;

export interface Requirements {
  /** All of them must hold. Includes those of the owner, its interfaces, and the type of the field. */
  ofField(owner: FieldOwner, field: string): readonly Requirement[];
  /** Every name in a `@policy`. */
  readonly policies: ReadonlySet<string>;
}

const cache = new WeakMap<GraphQLSchema, Requirements>();

export function requirementsOf(schema: GraphQLSchema): Requirements {
  const known = cache.get(schema) ?? readRequirements(schema);
  cache.set(schema, known);
  return known;
}

function readRequirements(schema: GraphQLSchema): Requirements {
  const kinds = directiveKinds(schema);
  const fields = new Map<string, readonly Requirement[]>();
  const ofNodes = (nodes: readonly (DirectiveHolder | null | undefined)[], coordinate: string) =>
    nodes
      .flatMap((node) => node?.directives ?? [])
      .flatMap((directive) => {
        const kind = kinds.get(directive.name.value);
        return kind ? [{ directive: kind, anyOf: alternativesIn(directive), coordinate }] : [];
      });
  const ofType = (type: GraphQLNamedType) => ofNodes([type.astNode, ...type.extensionASTNodes], type.name);
  const own = (owner: FieldOwner, field: string) => [
    ...ofType(owner),
    ...ofNodes([owner.getFields()[field]?.astNode], `${owner.name}.${field}`),
  ];
  const read = (owner: FieldOwner, field: string) => {
    const definition = owner.getFields()[field];
    if (!definition) return [];
    const interfaces = owner.getInterfaces().filter((one) => one.getFields()[field]);
    const inherited = interfaces.flatMap((one) => own(one, field).filter((found) => !isCollected(one, field, found)));
    return [...own(owner, field), ...inherited, ...ofType(getNamedType(definition.type))];
  };
  /**
   * Composition collects the directives of all implementations at the interface: such a directive protects the field of the
   * interface. A directive that stands at the interface alone protects the implementations too.
   */
  const isCollected = (type: GraphQLInterfaceType, field: string, { directive }: Requirement) => {
    const { objects, interfaces } = schema.getImplementations(type);
    return [...objects, ...interfaces].some((one) => own(one, field).some((found) => found.directive === directive));
  };
  return {
    ofField(owner, field) {
      const coordinate = `${owner.name}.${field}`;
      const known = fields.get(coordinate) ?? read(owner, field);
      fields.set(coordinate, known);
      return known;
    },
    policies: policiesIn(schema, kinds),
  };
}

interface DirectiveHolder {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/**
 * A composer may rename the directives (`@link(import: [{ as: … }])`), and an engine removes the `@link`: the arguments
 * and places of a directive identify it.
 */
function directiveKinds(schema: GraphQLSchema): ReadonlyMap<string, DirectiveName> {
  const kinds = new Map<string, DirectiveName>([
    ['authenticated', 'authenticated'],
    ['requiresScopes', 'requiresScopes'],
    ['policy', 'policy'],
  ]);
  for (const { name, args, locations } of schema.getDirectives()) {
    if ([...locations].sort().join() !== 'ENUM,FIELD_DEFINITION,INTERFACE,OBJECT,SCALAR') continue;
    const [argument, ...others] = args;
    if (others.length > 0) continue;
    if (!argument) kinds.set(name, 'authenticated');
    else if (isListOfLists(argument.type) && argument.name === 'scopes') kinds.set(name, 'requiresScopes');
    else if (isListOfLists(argument.type) && argument.name === 'policies') kinds.set(name, 'policy');
  }
  return kinds;
}

function isListOfLists(type: unknown): boolean {
  const outer = isNonNullType(type) ? type.ofType : type;
  const inner = isListType(outer) ? outer.ofType : null;
  return isListType(isNonNullType(inner) ? inner.ofType : inner);
}

function alternativesIn({ arguments: [argument] = [] }: ConstDirectiveNode): string[][] {
  const value: unknown = argument ? valueFromASTUntyped(argument.value) : [];
  const outer = Array.isArray(value) ? value : [value];
  return outer.map((inner: unknown) => (Array.isArray(inner) ? inner : [inner]).map(String));
}

function policiesIn(schema: GraphQLSchema, kinds: ReadonlyMap<string, DirectiveName>): Set<string> {
  const nodes = Object.values(schema.getTypeMap()).flatMap((type) => [
    type.astNode,
    ...type.extensionASTNodes,
    ...('getFields' in type ? Object.values(type.getFields()).map(({ astNode }) => astNode) : []),
  ]);
  const directives = nodes.flatMap((node) => node?.directives ?? []);
  const policies = directives.filter(({ name }) => kinds.get(name.value) === 'policy');
  return new Set(policies.flatMap(alternativesIn).flat());
}

/** @returns the object types that a value of this type can have */
export function objectTypesOf(schema: GraphQLSchema, type: FieldOwner): readonly GraphQLObjectType[] {
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : [type];
}
