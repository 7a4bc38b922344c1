/** Ids are UUIDv7 (RFC 9562 5.7): their order is that of time, and within a millisecond that of this process. */
import { v7 as uuidv7 } from 'uuid';

const firstSequence = 0;
let last = { msecs: 0, seq: firstSequence };

export function newId(now: Date): string {
  const msecs = now.getTime();
  last = msecs === last.msecs ? { msecs, seq: last.seq + 1 } : { msecs, seq: firstSequence };
  return uuidv7(last);
}
