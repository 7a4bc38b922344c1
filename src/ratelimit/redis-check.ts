/** Connects to Redis once and reads whether it can count for all instances. */
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { connectRedis, type RedisClient } from './redis-connection.ts';
import { problemOf } from './redis-health.ts';
import { readRedisUrl } from './redis-url.ts';

export interface RedisFacts {
  /** Why a count cannot be stored, such as `READONLY` or `no connection`; null: it can. */
  problem: string | null;
  /** `master` or `slave`; null: not known. */
  role: string | null;
  evictionPolicy: string | null;
}

const deadlineMs = 3000;
/** Under the prefix of the counts, to which a user of Redis may be limited. */
const key = 'postern:limit:doctor';

export async function readRedisFacts(url: string): Promise<RedisFacts> {
  const { redis, connect } = prepare(url);
  let lastError: unknown = null;
  redis.on('error', (error) => {
    lastError ??= error;
  });
  try {
    await connect();
    await redis.set(key, 1, 'PX', deadlineMs);
    // A user without the right to read it can still count.
    const info = await redis.info().catch(() => '');
    const field = (name: string) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? null;
    return { problem: null, role: field('role'), evictionPolicy: field('maxmemory_policy') };
  } catch (error) {
    return { problem: problemOf(lastError ?? error), role: null, evictionPolicy: null };
  } finally {
    redis.disconnect();
  }
}

function prepare(url: string): { redis: RedisClient; connect(): Promise<unknown> } {
  if (readRedisUrl(url).kind !== 'server') {
    const group = connectRedis(url);
    return { redis: group, connect: () => once(group, 'ready', { signal: AbortSignal.timeout(deadlineMs) }) };
  }
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: deadlineMs,
    commandTimeout: deadlineMs,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  return { redis, connect: () => redis.connect() };
}
