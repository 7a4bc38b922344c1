/** Metrics of rate limits and captchas. */
import type { Registry } from 'prom-client';
import { createCounter, watchStates } from './instruments.ts';

/** Where rate limits are counted. */
type LimitState = 'shared' | 'local' | 'degraded';

const stateHelp =
  'Where rate limits are counted: 1 for the current state. Degraded: Redis is configured and unavailable.';

export function createLimitMetrics(registry: Registry) {
  const limited = createCounter(registry, 'rate_limited', 'Requests rejected by a rate limit, by limit.', ['limit']);
  const captchas = createCounter(registry, 'captchas', 'Captchas that operations asked for, by outcome.', ['outcome']);
  return {
    /** @param outcome `passed`, or why the token was refused */
    captcha: (outcome: string) => captchas.inc({ outcome }),
    /** @param limit its name in RATE_LIMITS */
    rateLimited: (limit: string) => limited.inc({ limit }),
    watchLimits(current: () => LimitState): void {
      watchStates(registry, 'rate_limits', stateHelp, () => {
        const present = current();
        const value = (state: LimitState) => (state === present ? 1 : 0);
        return { shared: value('shared'), local: value('local'), degraded: value('degraded') };
      });
    },
  };
}
