/**
 * Asks again when an answer may have been lost: for what the gateway takes twice without harm. It hands out the same
 * successor of a refresh token for ten seconds (REFRESH_GRACE), and takes a token that comes later for stolen; so whoever has
 * to ask again does it at once.
 */
import { mayBeLost } from './postern-error.ts';

/** Before the second try, the third, and so on. */
const pausesMs = [100, 300, 1000, 2000, 3000];
/** An answer that takes longer counts as lost. */
const attemptMs = 5000;
/** Since the first try. */
const enoughMs = 9000;

/** @param ask gives up after so many milliseconds */
export async function patiently<Answer>(ask: (deadlineMs: number) => Promise<Answer>): Promise<Answer> {
  const begun = performance.now();
  for (const pauseMs of pausesMs) {
    try {
      return await ask(attemptMs);
    } catch (error) {
      if (!mayBeLost(error)) throw error;
      const waitMs = Math.max(spread(pauseMs), (error.retryAfter ?? 0) * 1000);
      if (performance.now() - begun + waitMs > enoughMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return ask(attemptMs);
}

/** So that those whom one failure hit do not come back together. */
function spread(ms: number): number {
  return ms * (0.75 + Math.random() / 2);
}
