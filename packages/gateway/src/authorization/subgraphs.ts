/** The subgraphs of a composed schema, and what only one of them resolves. */
import type { GraphQLSchema } from 'graphql';

export interface Subgraphs {
  names: readonly string[];
  /** Whether this subgraph alone resolves the field. False where the engine does not tell. */
  resolvesAlone(subgraph: string, type: string, field: string): boolean;
}

const cache = new WeakMap<GraphQLSchema, Subgraphs>();

export function subgraphsOf(schema: GraphQLSchema): Subgraphs {
  const known = cache.get(schema) ?? readStitched(schema) ?? readNative(schema);
  cache.set(schema, known);
  return known;
}

/** The JavaScript planner keeps a schema for each subgraph. */
function readStitched({ extensions }: GraphQLSchema): Subgraphs | null {
  const info: unknown = extensions.stitchingInfo;
  if (typeof info !== 'object' || info === null || !('subschemaMap' in info)) return null;
  const { subschemaMap } = info;
  if (!(subschemaMap instanceof Map)) return null;
  const subschemas = new Map<string, GraphQLSchema>();
  for (const config of subschemaMap.keys()) if (isSubschema(config)) subschemas.set(config.name, config.schema);
  const hasField = (schema: GraphQLSchema | undefined, typeName: string, field: string) => {
    const type = schema?.getType(typeName);
    return type !== undefined && 'getFields' in type && type.getFields()[field] !== undefined;
  };
  return {
    names: [...subschemas.keys()],
    resolvesAlone: (subgraph, type, field) =>
      [...subschemas].every(([name, schema]) => hasField(schema, type, field) === (name === subgraph)),
  };
}

/** The native planner keeps the directives of the composition. */
function readNative(schema: GraphQLSchema): Subgraphs {
  const { directives }: { directives?: unknown } = schema.extensions;
  const transport: unknown =
    typeof directives === 'object' && directives !== null && 'transport' in directives ? directives.transport : [];
  const names = (Array.isArray(transport) ? transport : []).flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'subgraph' in entry ? [String(entry.subgraph)] : [],
  );
  return {
    names,
    resolvesAlone(subgraph, typeName, fieldName) {
      const graph = graphNameOf(subgraph);
      if (names.filter((name) => graphNameOf(name) === graph).length !== 1) return false;
      const type = schema.getType(typeName);
      if (!type || !('getFields' in type)) return false;
      const onField = graphsIn(type.getFields()[fieldName]?.astNode, 'join__field');
      const graphs = onField.length > 0 ? onField : graphsIn(type.astNode, 'join__type');
      return graphs.length > 0 && graphs.every((name) => name === graph);
    },
  };
}

/** The name of the enum value of `join__Graph`. Composition adds a number when two are equal. */
function graphNameOf(subgraph: string): string {
  return subgraph.replace(/\W/g, '_').toUpperCase();
}

function graphsIn(
  node: { readonly directives?: NonNullable<GraphQLSchema['astNode']>['directives'] } | null | undefined,
  name: 'join__field' | 'join__type',
): string[] {
  const directives = node?.directives?.filter((directive) => directive.name.value === name) ?? [];
  const values = directives.flatMap(({ arguments: args = [] }) => args.filter((one) => one.name.value === 'graph'));
  return values.flatMap(({ value }) => (value.kind === 'EnumValue' ? [value.value] : []));
}

function isSubschema(value: unknown): value is { name: string; schema: GraphQLSchema } {
  return typeof value === 'object' && value !== null && 'name' in value && 'schema' in value;
}
