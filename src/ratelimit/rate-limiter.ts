/**
 * Counts what is asked for, atomically: of many parallel requests at a limit exactly the limit passes. Counts are
 * shared through Redis where there is one; without it, or while it is away, each process keeps its own, and stricter
 * ones in its stead: never unlimited, never waiting, never an error.
 */
import { Redis } from 'ioredis';
import type { Limit, LimitName, Limits } from './limits.ts';
import { LocalCounts } from './local-counts.ts';
import { RedisHealth } from './redis-health.ts';
import { redisDeadlineMs, SharedCounts } from './shared-counts.ts';

export type LimiterState = 'shared' | 'local' | 'degraded';

/** The state of a caller in a limit, including the last call. */
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
   * `local`: no Redis is configured; `degraded`: it is configured and does not count. Counts once beside the call, so
   * that the next call knows of a Redis that stopped counting while no request was counted.
   */
  state(): LimiterState;
  /** Why Redis does not count, in a word or two; null while it does, and without Redis. */
  problem(): string | null;
  close(): Promise<void>;
}

/** After that much silence the connection is given up, and nothing waits any more until there is a new one. */
const redisSilenceMs = 1000;
/** While Redis is away each of several instances counts alone, so each lets only a part through. */
const insuranceShare = 0.5;

/** @param onChange is called when Redis stops counting, with the problem, and with null when it counts again */
export function createRateLimiter(
  limits: Limits,
  redisUrl: string | null,
  onChange: (problem: string | null) => void = () => undefined,
): RateLimiter {
  const redis = redisUrl === null ? null : connect(redisUrl);
  const local = new LocalCounts({ share: redis ? insuranceShare : 1 });
  const health = new RedisHealth(onChange);
  const shared = redis && new SharedCounts(redis, local, health);
  const counts = shared ?? local;
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
      if (!shared) return 'local';
      void shared.probe();
      return health.problem === null ? 'shared' : 'degraded';
    },
    problem: () => (shared ? health.problem : null),
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
    commandTimeout: redisSilenceMs,
    socketTimeout: redisSilenceMs,
    connectTimeout: redisSilenceMs,
    disconnectTimeout: redisDeadlineMs,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
    reconnectOnError: createReconnection(),
  });
  // Without a listener a lost connection would end the process; /readyz reports its state.
  redis.on('error', () => undefined);
  return redis;
}

const reconnectEveryMs = 1000;

/** A replica refuses writes: the name may lead to the new primary by now. At most once a second. */
function createReconnection(): (error: Error) => boolean {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (!/\bREADONLY\b/.test(message) || performance.now() - lastAt < reconnectEveryMs) return false;
    lastAt = performance.now();
    return true;
  };
}
