/** Ids are UUIDv7 (RFC 9562 5.7): ordered by time, and within a millisecond by the order of this process. */
import { v7 as uuidv7 } from 'uuid';
import { randomBlock } from '../security/random.ts';

export { firstIdOf, lowestId, timeOfId } from '../persistence/id-times.ts';

const firstSequence = 0;
let last = { msecs: 0, seq: firstSequence };

export function newId(now: Date): string {
  const msecs = now.getTime();
  last = msecs === last.msecs ? { msecs, seq: last.seq + 1 } : { msecs, seq: firstSequence };
  return uuidv7({ ...last, rng: randomBlock });
}

/** Rejects malformed ids before PostgreSQL would raise an error. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
