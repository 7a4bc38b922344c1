/**
 * Counts what is asked for, atomically: of many parallel requests at a limit exactly the limit passes. Counts are
 * shared through Redis where there is one; without it, or while it is away, each process keeps its own, and stricter
 * ones in its stead: never unlimited, never waiting, never an error.
 */
import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Limit, LimitName, Limits } from './limits.ts';

export type LimiterState = 'shared' | 'local' | 'degraded';

export interface RateLimiter {
  /** @returns null when it passes, else the whole seconds to wait */
  consume(name: LimitName, key: string): Promise<number | null>;
  /** Gives one place back. */
  giveBack(name: LimitName, key: string): Promise<void>;
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
  const limiters = new Map<LimitName, RateLimiterMemory | RateLimiterRedis>();
  for (const [name, limit] of entriesOf(limits)) {
    if (limit) limiters.set(name, redis ? sharedLimiter(redis, name, limit) : localLimiter(name, limit, 1));
  }
  return {
    async consume(name, key) {
      const limiter = limiters.get(name);
      if (!limiter) return null;
      try {
        await limiter.consume(key);
        return null;
      } catch (outcome) {
        if (outcome instanceof RateLimiterRes) return Math.max(1, Math.ceil(outcome.msBeforeNext / 1000));
        throw outcome;
      }
    },
    async giveBack(name, key) {
      await limiters
        .get(name)
        ?.reward(key)
        .catch(() => undefined);
    },
    state() {
      if (!redis) return 'local';
      if (redis.status !== 'ready') return 'degraded';
      redis.ping().catch(() => undefined);
      return 'shared';
    },
    async close() {
      redis?.disconnect();
    },
  };
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

function sharedLimiter(redis: Redis, name: LimitName, limit: Limit): RateLimiterRedis {
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `postern:${name}`,
    points: limit.max,
    duration: limit.windowSeconds,
    rejectIfRedisNotReady: true,
    insuranceLimiter: localLimiter(name, limit, insuranceShare),
  });
}

function localLimiter(name: LimitName, limit: Limit, share: number): RateLimiterMemory {
  return new RateLimiterMemory({
    keyPrefix: name,
    points: Math.max(1, Math.floor(limit.max * share)),
    duration: limit.windowSeconds,
  });
}

function entriesOf(limits: Limits): [LimitName, Limit | null][] {
  const names: LimitName[] = Object.keys(limits).filter((name): name is LimitName => name in limits);
  return names.map((name) => [name, limits[name]]);
}
