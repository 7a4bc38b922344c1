/** What names a counter of attempts, and how statements read several of them. */
import { hiddenList } from '../statement.ts';

export interface Counter {
  bucket: string;
  key: Buffer;
}

/** Durations in seconds. */
export interface Limit {
  max: number;
  windowSeconds: number;
  /** The maximum of failures in the long window, also with successes between them; null: no such limit. */
  totalMax: number | null;
}

/** The counters of the parameters $1 and $2. Statements lock their rows in the order of `place`, so none deadlock. */
export const placedCounters = `unnest(${hiddenList('$1::text[]')}, ${hiddenList('$2::bytea[]')})
  with ordinality as wanted (bucket, key, place)`;

export function columnsOf(counters: readonly Counter[]): [buckets: string[], keys: Buffer[]] {
  return [counters.map(({ bucket }) => bucket), counters.map(({ key }) => key)];
}
