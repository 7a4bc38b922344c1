/** Ids are UUIDv7 (RFC 9562 5.7): ordered by time, and within a millisecond by the order of this process. */
import { v7 as uuidv7 } from 'uuid';
import { randomBlock } from '../security/random.ts';

/** Sorts before every id. */
export const lowestId = '00000000-0000-0000-0000-000000000000';

const firstSequence = 0;
let last = { msecs: 0, seq: firstSequence };

export function newId(now: Date): string {
  const msecs = now.getTime();
  last = msecs === last.msecs ? { msecs, seq: last.seq + 1 } : { msecs, seq: firstSequence };
  return uuidv7({ ...last, rng: randomBlock });
}

/** The lowest possible id of this time: rows from this time on have this id or a higher one. */
export function firstIdOf(time: Date): string {
  const hex = Math.max(0, Math.ceil(time.getTime())).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** @param id a UUIDv7 */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
}

/** Rejects malformed ids before PostgreSQL would raise an error. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
