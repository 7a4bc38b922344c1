/**
 * The rule that all counts follow, wherever they are kept. A window begins with the first call and lets so many pass.
 * A caller above the limit has violated it, once per window for any number of calls, so a burst is one violation.
 * The first violation waits for the window's end; each further one within a day waits twice as long, up to an hour.
 */
import type { Limit, LimitName } from './limits.ts';

/** What counting one call came to. */
export interface Count {
  passed: boolean;
  /** How many a window lets pass, and how many more it would. */
  max: number;
  remaining: number;
  /** Until the window is over, or the wait. */
  endsInMs: number;
}

export interface Counts {
  consume(name: LimitName, limit: Limit, key: string): Promise<Count>;
  /** Gives one place of the present window back. */
  giveBack(name: LimitName, limit: Limit, key: string): Promise<void>;
}

/** A violation is forgotten when so much time went by without another one. */
export const violationMemorySeconds = 24 * 60 * 60;
export const longestWaitSeconds = 60 * 60;
