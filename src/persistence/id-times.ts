/** The time in an id: the first 48 bits of a UUIDv7 (RFC 9562 5.7) are milliseconds since 1970. */

/** Sorts before every id. */
export const lowestId = '00000000-0000-0000-0000-000000000000';

/** The lowest possible id of this time: rows from this time on have this id or a higher one. */
export function firstIdOf(time: Date): string {
  const hex = Math.max(0, Math.ceil(time.getTime())).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** @param id a UUIDv7 */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}
