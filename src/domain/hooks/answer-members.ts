/** Reads the members of an answer. Problems name members, never values. */

/** The answer cannot be used. `message` is fixed text. */
export class InvalidAnswer extends Error {
  override name = 'InvalidAnswer';
}

export type Members = ReadonlyMap<string, unknown>;

export function membersOf(value: unknown, what: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidAnswer(`${what} is not an object`);
  return new Map(Object.entries(value));
}

export function assertKnown(members: Members, known: readonly string[], what: string): void {
  if ([...members.keys()].some((name) => !known.includes(name)))
    throw new InvalidAnswer(`${what} has an unknown member`);
}

/** Absent: false. */
export function readBoolean(members: Members, name: string): boolean {
  const value = members.get(name) ?? false;
  if (typeof value !== 'boolean') throw new InvalidAnswer(`${name}: not true or false`);
  return value;
}

/** Absent: null. */
export function readText(members: Members, name: string): string | null {
  const value = members.get(name) ?? null;
  if (value !== null && typeof value !== 'string') throw new InvalidAnswer(`${name}: not a text`);
  return value;
}
