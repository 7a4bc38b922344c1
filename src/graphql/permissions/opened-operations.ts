/** The permission map by permission: what each one opens. */
import { permissions } from '../../domain/access/permissions.ts';
import { type Entries, fieldEntries, operations } from './permissions.ts';

export function openedOperations(): { name: string; operations: string[] }[] {
  const entries: Entries = { ...operations, ...fieldEntries };
  const fields = Object.entries(entries).flatMap(([type, ofType]) =>
    Object.entries(ofType).map(([field, { anyOf }]) => ({ name: `${type}.${field}`, anyOf })),
  );
  return permissions.map((name) => ({
    name,
    operations: fields.filter(({ anyOf }) => anyOf.includes(name)).map((field) => field.name),
  }));
}
