/**
 * Counts requests atomically: of many parallel requests exactly the limit passes. With Redis, all processes share their
 * counts. Without Redis each process counts alone, and admits its part of each limit (INSTANCES). A request
 * never waits for Redis, and an outage of Redis causes no error.
 */
import type { Count } from './counts.ts';
import type { Limit, LimitName, Limits } from './limits.ts';
import { LocalCounts } from './local-counts.ts';
import { connectRedis } from './redis-connection.ts';
import { RedisHealth } from './redis-health.ts';
import { SharedCounts } from './shared-counts.ts';

export type LimiterState = 'shared' | 'local' | 'degraded';

/** The state of a caller in a limit, including the last call. */
export interface Standing {
  /** The whole seconds to wait; null: the call is within the limit. */
  waitSeconds: number | null;
  /** The calls that a window allows (fewer while Redis is unavailable), and those that are left. */
  max: number;
  remaining: number;
  /** The whole seconds until the window ends. */
  resetSeconds: number;
}

export interface RateLimiter {
  /**
   * @param times multiplies the limit: above 1 for keys that many callers share, below 1 for callers with a lower limit
   * @returns null when the limit is off
   */
  consume(name: LimitName, key: string, times?: number): Promise<Standing | null>;
  /** Takes one call back. */
  giveBack(name: LimitName, key: string, times?: number): Promise<void>;
  /**
   * `local`: no Redis is configured; `degraded`: Redis is configured and unavailable. Also sends one count to Redis,
   * so that the next call detects an outage that began while there were no requests.
   */
  state(): LimiterState;
  /** Why Redis is unavailable, in a word or two; null: it is available, or not configured. */
  problem(): string | null;
  close(): Promise<void>;
}

/** With Redis there is more than one process. */
const instancesWithRedis = 2;

export interface LimiterOptions {
  limits: Limits;
  /** null: each process counts alone. */
  redisUrl: string | null;
  /** How many processes share the limits, where one counts alone. null: two with Redis, one without. */
  instances: number | null;
}

/** @param onChange receives the problem when Redis becomes unavailable, and null when it is available again */
export function createRateLimiter(
  { limits, redisUrl, instances }: LimiterOptions,
  onChange: (problem: string | null) => void = () => undefined,
): RateLimiter {
  const redis = redisUrl === null ? null : connectRedis(redisUrl);
  const local = new LocalCounts({ share: 1 / (instances ?? (redis ? instancesWithRedis : 1)) });
  const health = new RedisHealth(onChange);
  const shared = redis && new SharedCounts(redis, local, health);
  const counts = shared ?? local;
  return {
    async consume(name, key, times = 1) {
      const limit = multiplied(limits[name], times);
      return limit && standingFrom(await counts.consume(name, limit, key));
    },
    async giveBack(name, key, times = 1) {
      const limit = multiplied(limits[name], times);
      if (limit) await counts.giveBack(name, limit, key);
    },
    state: () => (shared ? probe(shared, health) : 'local'),
    problem: () => (shared ? health.problem : null),
    async close() {
      local.close();
      redis?.disconnect();
    },
  };
}

function standingFrom({ passed, max, remaining, endsInMs }: Count): Standing {
  const resetSeconds = Math.max(1, Math.ceil(endsInMs / 1000));
  return { waitSeconds: passed ? null : resetSeconds, max, remaining, resetSeconds };
}

function probe(shared: SharedCounts, health: RedisHealth): LimiterState {
  void shared.probe();
  return health.problem === null ? 'shared' : 'degraded';
}

function multiplied(limit: Limit | null, times: number): Limit | null {
  return limit && { ...limit, max: Math.round(limit.max * times) };
}
