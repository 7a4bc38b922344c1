/**
 * Counts requests atomically: of many parallel requests exactly the limit passes. With Redis, all processes share their
 * counts. Without Redis each process counts alone; while Redis is unavailable it does so with stricter limits. A request
 * never waits for Redis, and an outage of Redis causes no error.
 */
import { Redis } from 'ioredis';
import type { Count } from './counts.ts';
import type { Limit, LimitName, Limits } from './limits.ts';
import { LocalCounts } from './local-counts.ts';
import { RedisHealth } from './redis-health.ts';
import { redisDeadlineMs, SharedCounts } from './shared-counts.ts';

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
   * @param times multiplies the limit, for keys that many callers share
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

/** After this silence the connection is closed. Until there is a new one, requests are counted locally. */
const redisSilenceMs = 1000;
/** The part of a limit that each process allows while Redis is unavailable, because several processes count alone. */
const insuranceShare = 0.5;

/** @param onChange receives the problem when Redis becomes unavailable, and null when it is available again */
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

/** A replica rejects writes. A new connection, at most one a second, may reach the new primary. */
function createReconnection(): (error: Error) => boolean {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (!/\bREADONLY\b/.test(message) || performance.now() - lastAt < reconnectEveryMs) return false;
    lastAt = performance.now();
    return true;
  };
}
