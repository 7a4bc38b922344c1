/** Reads members of foreign JSON, whose members may have any type. */

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const jsonText = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Readers of JSON choose one of two members with one name, each its own (RFC 8259 4). @param value what the text was parsed to */
export function hasRepeatedMember(text: string, value: unknown): boolean {
  const written = text.replaceAll(jsonText, '').match(/:/g)?.length ?? 0;
  return written !== countMembers(value);
}

function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, each) => sum + countMembers(each), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}

/** @returns null for another type, and for an empty text */
export function text(from: Members, name: string): string | null {
  const value = from[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** @returns the text of a text or a number */
export function id(from: Members, name: string): string | null {
  const value = from[name];
  return typeof value === 'number' ? String(value) : text(from, name);
}

export function integer(from: Members, name: string): number | null {
  const value = from[name];
  return Number.isSafeInteger(value) ? Number(value) : null;
}

/** Exports write truth as JSON or as text. */
export function flag(from: Members, name: string): boolean {
  const value = from[name];
  return value === true || value === 'true' || value === 1;
}

/** A time as ISO 8601, or as milliseconds since 1970. @returns null for anything else */
export function time(from: Members, name: string): Date | null {
  const value = from[name];
  const given = typeof value === 'string' && /^\d{10,16}$/.test(value) ? Number(value) : value;
  if (typeof given !== 'string' && typeof given !== 'number') return null;
  const date = new Date(given);
  return Number.isNaN(date.getTime()) ? null : date;
}

export function members(from: Members, name: string): Members {
  const value = from[name];
  return isMembers(value) ? value : {};
}

export function list(from: Members, name: string): Members[] {
  const value = from[name];
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

/** JSON within JSON, as Keycloak stores it. */
export function parsed(from: Members, name: string): Members {
  const value = from[name];
  if (typeof value !== 'string') return members(from, name);
  try {
    const inner: unknown = JSON.parse(value);
    return isMembers(inner) ? inner : {};
  } catch {
    return {};
  }
}
