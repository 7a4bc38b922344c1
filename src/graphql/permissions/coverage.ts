/** Refuses to start while the permission map and the schema do not cover each other. */
import { type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql';
import type { Entry } from './entry.ts';
import { openTypes } from './permissions.ts';

/** By type, the open fields separated by blanks. */
export type OpenFields = Readonly<Record<string, string>>;
type EntryMap = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface PermissionMap {
  operations: EntryMap;
  fieldEntries: EntryMap;
  openFields: OpenFields;
}

/** A program never authenticates recently, and is no router. @throws Error that names every entry at fault */
export function assertMachinesFit(entries: Readonly<Record<string, Readonly<Record<string, Entry>>>>): void {
  const wrong = Object.entries(entries).flatMap(([typeName, fields]) =>
    Object.entries(fields)
      .filter(([, { machines, recent, caller }]) => machines !== 'none' && (recent || caller === 'router'))
      .map(([field]) => `${typeName}.${field}`),
  );
  if (wrong.length === 0) return;
  throw new Error(
    `src/graphql/permissions/permissions.ts opens to machines what they can never call: ${wrong.join(', ')}`,
  );
}

/**
 * graphql-shield opens a whole type when one of its entries is undefined. So every field needs exactly one entry, or a
 * type that the naming rule opens.
 * @throws Error that names every field at fault
 */
export function assertCovered(schema: GraphQLSchema, { operations, fieldEntries, openFields }: PermissionMap): void {
  const actual = Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !isIntrospectionType(type)
      ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
      : [],
  );
  const named = [...placesOf(openFields), ...[operations, fieldEntries].flatMap(placesWithEntry)];
  const isOpenByName = (place: string) => openTypes.test(place.slice(0, place.indexOf('.')));
  const problems = {
    'no entry for': actual.filter((place) => !named.includes(place) && !isOpenByName(place)),
    'nothing in the schema for': named.filter((place) => !actual.includes(place)),
    'two entries for': named.filter((place, index) => named.indexOf(place) !== index || isOpenByName(place)),
  };
  const found = Object.entries(problems).filter(([, places]) => places.length > 0);
  if (found.length === 0) return;
  const details = found.map(([problem, places]) => `${problem} ${places.join(', ')}`).join('; ');
  throw new Error(`src/graphql/permissions/permissions.ts does not fit the schema: ${details}`);
}

function placesOf(open: OpenFields): string[] {
  return Object.entries(open).flatMap(([typeName, fields]) => fields.split(' ').map((field) => `${typeName}.${field}`));
}

function placesWithEntry(map: EntryMap): string[] {
  return Object.entries(map).flatMap(([typeName, entries]) =>
    Object.entries(entries).flatMap(([field, entry]) => (entry ? [`${typeName}.${field}`] : [])),
  );
}
