/**
 * Counts what is asked for, atomically: of many parallel requests at a limit exactly the limit passes. Counts are
 * shared through Redis where there is one; without it, or while it is away, each process keeps its own, and stricter
 * ones in its stead: never unlimited, never waiting, never an error.
 */
import { Redis } from 'ioredis';
import type { Limit, LimitName, Limits } from './limits.ts';
import { LocalCounts } from './local-counts.ts';
import { SharedCounts } from './shared-counts.ts';

export type LimiterState = 'shared' | 'local' | 'degraded';

/** Where somebody stands with a limit, their last call counted. */
export interface Standing {
  /** Null when it passed, else the whole seconds to wait. */
  waitSeconds: number | null;
  /** How many pass in a window (fewer while Redis is away), and how many more would. */
  max: number;
  remaining: number;
  /** Until all of them are free again. */
  resetSeconds: number;
}

export interface RateLimiter {
  /**
   * @param times how many times the limit this key has, for keys that stand for many callers
   * @returns null when the limit is off
   */
  consume(name: LimitName, key: string, times?: number): Promise<Standing | null>;
  /** Gives one place back. */
  giveBack(name: LimitName, key: string, times?: number): Promise<void>;
  /**
   * `local`: no Redis is configured; `degraded`: it is configured, and away. Asks Redis in passing, so that the next
   * call knows of one that fell silent while nothing was counted.
   */
  state(): LimiterState;
  close(): Promise<void>;
}

/** A Redis that does not answer by then is away. */
const redisDeadlineMs = 200;
/** After that much silence the connection is given up, and nothing waits any more until there is a new one. */
const redisSilenceMs = 1000;
/** While Redis is away each of several instances counts alone, so each lets only a part through. */
const insuranceShare = 0.5;

export function createRateLimiter(limits: Limits, redisUrl: string | null): RateLimiter {
  const redis = redisUrl === null ? null : connect(redisUrl);
  const local = new LocalCounts({ share: redis ? insuranceShare : 1 });
  const counts = redis ? new SharedCounts(redis, local) : local;
  return {
    async consume(name, key, times = 1) {
      const limit = multiplied(limits[name], times);
      if (!limit) return null;
      const { passed, max, remaining, endsInMs } = await counts.consume(name, limit, key);
      const resetSeconds = Math.max(1, Math.ceil(endsInMs / 1000));
      return { waitSeconds: passed ? null : resetSeconds, max, remaining, resetSeconds };
    },
    async giveBack(name, key, times = 1) {
      const limit = multiplied(limits[name], times);
      if (limit) await counts.giveBack(name, limit, key);
    },
    state() {
      if (!redis) return 'local';
      if (redis.status !== 'ready') return 'degraded';
      redis.ping().catch(() => undefined);
      return 'shared';
    },
    async close() {
      local.close();
      redis?.disconnect();
    },
  };
}

function multiplied(limit: Limit | null, times: number): Limit | null {
  return limit && { ...limit, max: limit.max * times };
}

function connect(url: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: redisDeadlineMs,
    socketTimeout: redisSilenceMs,
    connectTimeout: redisSilenceMs,
    disconnectTimeout: redisDeadlineMs,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  // Without a listener a lost connection would end the process; its state is told by /readyz.
  redis.on('error', () => undefined);
  return redis;
}
