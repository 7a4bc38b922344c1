/** When a delivery is tried again. */

const minute = 60;
const hour = 60 * minute;
/** After the first attempt, the second, and so on; none after the last. */
const pausesSeconds = [5, minute, 5 * minute, 30 * minute, 2 * hour, 6 * hour, 12 * hour, 24 * hour];
/** Spreads the retries of many deliveries that failed together. */
const jitter = 0.2;
const maxRetryAfterSeconds = 24 * hour;
const statusesWithRetryAfter: readonly number[] = [429, 503];

export interface FailedAttempt {
  /** Counted from 1. */
  attempt: number;
  /** Null: there was no answer. */
  status: number | null;
  /** The header `Retry-After`. */
  retryAfter: string | null;
}

/**
 * @param random from 0 to 1
 * @returns null: no retry is left
 */
export function retryAt(
  { attempt, status, retryAfter }: FailedAttempt,
  now: Date,
  random = Math.random(),
): Date | null {
  const pause = pausesSeconds[attempt - 1];
  if (pause === undefined) return null;
  const planned = pause * (1 + jitter * (2 * random - 1));
  const asked = status !== null && statusesWithRetryAfter.includes(status) ? secondsOf(retryAfter, now) : 0;
  return new Date(now.getTime() + Math.max(planned, Math.min(asked, maxRetryAfterSeconds)) * 1000);
}

/** RFC 9110 10.2.3: seconds, or a date. @returns 0 for anything else */
function secondsOf(retryAfter: string | null, now: Date): number {
  if (retryAfter === null) return 0;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? 0 : Math.max(0, (at - now.getTime()) / 1000);
}
