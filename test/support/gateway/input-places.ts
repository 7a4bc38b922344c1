/** Every input of the schema, and operations that give one of them a value, by variable, by default and by literal. */
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';

const schema = buildSchema(readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8'));

export interface InputPlace {
  /** `login.input.email`. */
  name: string;
  operation: 'query' | 'mutation';
  field: GraphQLField<unknown, unknown>;
  argument: GraphQLArgument;
  path: readonly GraphQLInputField[];
  type: GraphQLInputType;
}

function placesIn(operation: InputPlace['operation'], fields: readonly GraphQLField<unknown, unknown>[]): InputPlace[] {
  return fields.flatMap((field) =>
    field.args.flatMap((argument) => {
      const own = { operation, field, argument };
      const inner = (type: GraphQLInputType, path: readonly GraphQLInputField[]): InputPlace[] => {
        const name = [field.name, argument.name, ...path.map((one) => one.name)].join('.');
        const named = getNamedType(type);
        const deeper = isInputObjectType(named)
          ? Object.values(named.getFields()).flatMap((one) => inner(one.type, [...path, one]))
          : [];
        return [{ ...own, name, path, type }, ...deeper];
      };
      return inner(argument.type, []);
    }),
  );
}

export const inputPlaces = [
  ...placesIn('query', Object.values(schema.getQueryType()?.getFields() ?? {})),
  ...placesIn('mutation', Object.values(schema.getMutationType()?.getFields() ?? {})),
];
/** The smallest valid value of the type. */
function least(type: GraphQLInputType): unknown {
  if (isNonNullType(type)) return least(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter(
      (one) => isNonNullType(one.type) && one.defaultValue === undefined,
    );
    return Object.fromEntries(required.map((one) => [one.name, least(one.type)]));
  }
  if (type.name === 'Int') return 1;
  return type.name === 'JSONObject' ? {} : 'a@example.com';
}

function filled(place: InputPlace, value: unknown): unknown {
  const fill = (type: GraphQLInputType, [next, ...rest]: readonly GraphQLInputField[]): unknown => {
    const present = getNullableType(type);
    if (!next) return isListType(present) && !Array.isArray(value) ? [value] : value;
    if (isListType(present)) return [fill(present.ofType, [next, ...rest])];
    return { ...Object(least(type)), [next.name]: fill(next.type, rest) };
  };
  return fill(place.argument.type, place.path);
}

const selection = ' { __typename }';

/** The other arguments that the field requires. */
function othersOf({ field, argument }: InputPlace): string {
  return field.args
    .filter((other) => other !== argument && isNonNullType(other.type) && other.defaultValue === undefined)
    .map(({ name, type }) => ` ${name}: ${literal(least(type), type)}`)
    .join('');
}

export function byVariable(place: InputPlace, value: unknown): object {
  const { operation, field, argument } = place;
  const query = `${operation} ($v: ${argument.type}) { ${field.name}(${argument.name}: $v${othersOf(place)})${selection} }`;
  return { query, variables: { v: filled(place, value) } };
}

function literal(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(value, type.ofType);
  if (isListType(type))
    return `[${(Array.isArray(value) ? value : [value]).map((one) => literal(one, type.ofType)).join(' ')}]`;
  // An empty text would be no item at all.
  if (isEnumType(type)) return String(value) || 'UNKNOWN';
  if (isInputObjectType(type)) {
    const entries = Object.entries(Object(value)).flatMap(([name, one]) => {
      const field = type.getFields()[name];
      return field ? [`${name}: ${literal(one, field.type)}`] : [];
    });
    return `{ ${entries.join(' ')} }`;
  }
  return type.name === 'JSONObject' ? '{}' : JSON.stringify(value);
}

export function byLiteral(place: InputPlace, value: unknown): object {
  const { operation, field, argument } = place;
  const given = literal(filled(place, value), argument.type);
  return { query: `${operation} { ${field.name}(${argument.name}: ${given}${othersOf(place)})${selection} }` };
}

export function byDefault(place: InputPlace, value: unknown): object {
  const { operation, field, argument } = place;
  const given = literal(filled(place, value), argument.type);
  const query = `${operation} ($v: ${argument.type} = ${given}) { ${field.name}(${argument.name}: $v${othersOf(place)})${selection} }`;
  return { query };
}
