/**
 * The rule of all counts, in Redis and in the process. A window begins with the first call and admits a number of
 * calls. A caller above the limit has violated it, once per window for any number of calls, so a burst is one
 * violation. The first violation waits for the end of the window; each further one within a day waits twice as long, up
 * to an hour.
 */
import type { Limit, LimitName } from './limits.ts';

/** The result of counting one call. */
export interface Count {
  passed: boolean;
  /** How many calls a window admits, and how many more it would admit. */
  max: number;
  remaining: number;
  /** Until the end of the window, or of the wait. */
  endsInMs: number;
}

export interface Counts {
  consume(name: LimitName, limit: Limit, key: string): Promise<Count>;
  /** Returns one call of the current window. */
  giveBack(name: LimitName, limit: Limit, key: string): Promise<void>;
}

/** A violation expires after this time without another one. */
export const violationMemorySeconds = 24 * 60 * 60;
export const longestWaitSeconds = 60 * 60;
