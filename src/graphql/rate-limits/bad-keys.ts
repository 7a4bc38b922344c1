/** Counts API keys that do not exist by source, and remembers the sources that are over the limit. */
import { LRUCache } from 'lru-cache';
import type { BadKeys } from '../../domain/applications/deps.ts';
import { isWithin, type Networks, networkOfSource, sourceOf } from '../../domain/source.ts';
import type { RateLimiter } from '../../ratelimit/rate-limiter.ts';
import { reserve } from './reserving-store.ts';

const maxSources = 10_000;

/** @param allowlist networks that are exempt from limits by source */
export function createBadKeys(limiter: RateLimiter, allowlist: Networks): BadKeys {
  /** Until when a source is refused, in milliseconds of a monotonic clock. */
  const refused = new LRUCache<string, number>({ max: maxSources });
  return {
    waitSeconds(ipAddress) {
      const until = refused.get(sourceOf(ipAddress));
      const waitMs = (until ?? 0) - performance.now();
      return waitMs > 0 ? Math.ceil(waitMs / 1000) : null;
    },
    async note(ipAddress) {
      if (isWithin(ipAddress, allowlist)) return;
      const key = sourceOf(ipAddress);
      const standing = await reserve(limiter, 'badKey', { key, network: networkOfSource(ipAddress) });
      if (standing !== null && (standing.waitSeconds !== null || standing.remaining === 0))
        refused.set(key, performance.now() + standing.resetSeconds * 1000);
    },
  };
}
