/**
 * Counts that all instances share in Redis: one hash for each identity, changed by one script, atomic and in one round
 * trip. While Redis is down or silent, the process's own counts replace them.
 */
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type Count, type Counts, longestWaitSeconds, violationMemorySeconds } from './counts.ts';
import type { Limit, LimitName } from './limits.ts';
import { type RedisClient, redisDeadlineMs } from './redis-connection.ts';
import type { RedisHealth } from './redis-health.ts';

/** The rule of counts.ts. In the time of Redis, which is the same for all instances. */
const script = `
local delta, window, max = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000, tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local kept = redis.call('HMGET', KEYS[1], 'taken', 'endsAt', 'violated', 'violations', 'violatedAt')
local taken, endsAt, violated = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0, tonumber(kept[3]) or 0
local violations, violatedAt = tonumber(kept[4]) or 0, tonumber(kept[5]) or 0
if endsAt <= now then
  if delta < 0 then return { 0, 0 } end
  taken, endsAt, violated = 0, now + window, 0
end
local passed = taken + delta <= max
if passed then
  taken = math.max(0, taken + delta)
elseif violated == 0 then
  violated = 1
  if now - violatedAt >= ${violationMemorySeconds * 1000} then violations = 0 end
  violations, violatedAt = violations + 1, now
  if violations > 1 then
    local wait = math.min(window * 2 ^ (violations - 1), ${longestWaitSeconds * 1000})
    endsAt = math.max(endsAt, now + wait)
  end
end
local keptUntil = endsAt
if violations > 0 then keptUntil = math.max(endsAt, violatedAt + ${violationMemorySeconds * 1000}) end
redis.call('HSET', KEYS[1], 'taken', taken, 'endsAt', string.format('%.0f', endsAt), 'violated', violated,
  'violations', violations, 'violatedAt', string.format('%.0f', violatedAt))
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', keptUntil))
return { passed and taken or max + 1, endsAt - now }
`;

const probeLimit: Limit = { max: 1_000_000, windowSeconds: 1 };

export class SharedCounts implements Counts {
  readonly #redis: RedisClient;
  readonly #insurance: Counts;
  readonly #health: RedisHealth;
  /** By name and size. */
  readonly #limiters = new Map<string, RateLimiterRedis>();
  #probing: Promise<void> | null = null;

  constructor(redis: RedisClient, insurance: Counts, health: RedisHealth) {
    this.#redis = redis;
    this.#insurance = insurance;
    this.#health = health;
  }

  async consume(name: LimitName, limit: Limit, key: string): Promise<Count> {
    if (this.#isSilent()) return this.#insurance.consume(name, limit, key);
    try {
      const outcome = await withDeadline(this.#limiterOf(name, limit).consume(hashTag(name, key)));
      this.#health.succeeded();
      return countOf(outcome, limit, true);
    } catch (outcome) {
      if (!(outcome instanceof RateLimiterRes)) {
        this.#health.failed(outcome);
        return this.#insurance.consume(name, limit, key);
      }
      this.#health.succeeded();
      return countOf(outcome, limit, false);
    }
  }

  /** Sends one count that limits nothing, to learn whether Redis counts. One at a time; never rejects. */
  probe(): Promise<void> {
    this.#probing ??= this.#probeOnce().finally(() => {
      this.#probing = null;
    });
    return this.#probing;
  }

  async #probeOnce(): Promise<void> {
    const count = withDeadline(this.#limiterOf('probe', probeLimit).consume(hashTag('probe', '')));
    await count.then(
      () => this.#health.succeeded(),
      (outcome: unknown) =>
        outcome instanceof RateLimiterRes ? this.#health.succeeded() : this.#health.failed(outcome),
    );
  }

  async giveBack(name: LimitName, limit: Limit, key: string): Promise<void> {
    if (this.#isSilent()) return this.#insurance.giveBack(name, limit, key);
    await withDeadline(this.#limiterOf(name, limit).reward(hashTag(name, key))).catch((error: unknown) => {
      this.#health.failed(error);
      return this.#insurance.giveBack(name, limit, key);
    });
  }

  /** A request makes several counts: only the first may wait for a silent Redis. A probe detects its next response. */
  #isSilent(): boolean {
    if (this.#health.isSilent) void this.probe();
    return this.#health.isSilent;
  }

  #limiterOf(name: LimitName | 'probe', limit: Limit): RateLimiterRedis {
    const id = `${name} ${limit.max}`;
    const known = this.#limiters.get(id);
    if (known) return known;
    const limiter = new RateLimiterRedis({
      storeClient: this.#redis,
      keyPrefix: 'postern',
      points: limit.max,
      duration: limit.windowSeconds,
      rejectIfRedisNotReady: true,
      customIncrTtlLuaScript: script,
    });
    this.#limiters.set(id, limiter);
    return limiter;
  }
}

/** A cluster selects the node of a key by the part in braces. */
function hashTag(name: LimitName | 'probe', key: string): string {
  return `{${name}:${key}}`;
}

function countOf({ remainingPoints, msBeforeNext }: RateLimiterRes, { max }: Limit, passed: boolean): Count {
  return { passed, max, remaining: remainingPoints, endsInMs: msBeforeNext };
}

/** A busy process reads the arrived responses before it rejects: its own delay is not a silence of Redis. */
function withDeadline<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const miss = () => setImmediate(() => reject(new Error('Redis timed out')));
    const timer = setTimeout(miss, redisDeadlineMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
