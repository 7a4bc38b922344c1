/**
 * Repeats requests whose answer may have been lost, where the gateway accepts a repetition. It returns the same successor of
 * a used refresh token for `REFRESH_GRACE` (30 seconds by default), so all attempts end well within that time.
 */
import { monotonicNow } from './environment.ts';
import { mayBeLost } from './errors/postern-error.ts';

/** Before the second attempt, the third, and so on. */
const pausesMs = [100, 300, 1000, 2000, 3000];
/** An answer that takes longer counts as lost. */
const attemptMs = 5000;
/** For all attempts together. */
const totalMs = 9000;

/** @param send must give up after the milliseconds it receives */
export async function retry<Answer>(send: (deadlineMs: number) => Promise<Answer>): Promise<Answer> {
  const startedAt = monotonicNow();
  for (const pauseMs of pausesMs) {
    try {
      return await send(attemptMs);
    } catch (error) {
      if (!mayBeLost(error)) throw error;
      const waitMs = Math.max(spread(pauseMs), (error.retryAfter ?? 0) * 1000);
      if (monotonicNow() - startedAt + waitMs > totalMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return send(attemptMs);
}

/** Clients that failed together must not return together. */
function spread(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}
