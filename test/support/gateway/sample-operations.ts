/** A request for every operation, generated from the schema, so that a new operation is covered automatically. */
import {
  type GraphQLInputType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { buildTypes } from '../../../src/graphql/schema.ts';

export const schema = buildTypes();

/** Every operation, for example `Query.viewer`. */
export const operationFields: readonly string[] = [schema.getQueryType(), schema.getMutationType()].flatMap((root) =>
  Object.keys(root?.getFields() ?? {}).map((name) => `${root?.name}.${name}`),
);

/** A harmless value of the type: unknown addresses and ids, and the given text for every text. */
function sampleOf(type: GraphQLInputType, text: string): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType, text);
  if (isListType(type)) return [sampleOf(type.ofType, text)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    return Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, sampleOf(field.type, text)]));
  }
  const samples: Record<string, unknown> = {
    ID: '01930000-0000-7000-8000-000000000000',
    Int: 1,
    Boolean: true,
    EmailAddress: 'unknown@example.com',
    DateTime: '2026-01-01T00:00:00Z',
    JSONObject: {},
    _Any: { __typename: 'User', id: '01930000-0000-7000-8000-000000000000' },
  };
  return type.name in samples ? samples[type.name] : text;
}

/** @param field for example `Query.viewer` @param text the value of every text argument */
export function operationOf(field: string, text = 'x'): { query: string; variables: object; name: string } {
  const [typeName = '', name = ''] = field.split('.');
  const root = typeName === 'Query' ? schema.getQueryType() : schema.getMutationType();
  const { args, type } = fieldOf(root, name);
  const needed = args.filter((argument) => isNonNullType(argument.type));
  const declared = needed.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const given = needed.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const selection = isCompositeType(getNamedType(type)) ? '{ __typename }' : '';
  const query = `${typeName.toLowerCase()} ${declared && `(${declared})`} { ${name} ${given && `(${given})`} ${selection} }`;
  return { query, name, variables: Object.fromEntries(needed.map((a) => [a.name, sampleOf(a.type, text)])) };
}

function fieldOf(type: GraphQLObjectType | null | undefined, name: string) {
  const field = type?.getFields()[name];
  if (!field) throw new Error(`there is no field ${name}`);
  return field;
}
