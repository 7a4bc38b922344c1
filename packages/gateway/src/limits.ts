/** Request limits by source and by caller: in the memory of this process, or in Redis for all processes. */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { GatewayError, type GatewayLogger, type PosternGatewayOptions } from './options.ts';

export interface Limits {
  /** Rejects when Redis is configured and the package `ioredis` is absent. */
  ready: Promise<unknown>;
  /** @returns seconds until the next try, or null when the request is within the limit */
  source(key: string): Promise<number | null>;
  caller(key: string): Promise<number | null>;
  close(): Promise<void>;
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const redisDeadlineMs = 200;

/** @throws GatewayError for a limit that cannot be read */
export function createLimits({ limits, redisUrl }: PosternGatewayOptions, logger: GatewayLogger): Limits {
  const ready = redisUrl === undefined || !limits ? Promise.resolve(null) : connect(redisUrl, logger);
  // A process awaits `ready` at its start; the plug-in alone counts locally.
  const store = ready.catch(() => null);
  const counter = (name: 'perSource' | 'perCaller') => {
    const text = limits?.[name];
    if (text === undefined) return async () => null;
    const { points, duration } = readLimit(name, text);
    const keyPrefix = `postern-gateway-${name}`;
    const local = new RateLimiterMemory({ points, duration, keyPrefix });
    const limiter = store.then((storeClient) =>
      storeClient ? new RateLimiterRedis({ storeClient, points, duration, keyPrefix, insuranceLimiter: local }) : local,
    );
    return async (key: string) => {
      try {
        await (await limiter).consume(key);
        return null;
      } catch (error) {
        if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw error;
      }
    };
  };
  return {
    ready,
    source: counter('perSource'),
    caller: counter('perCaller'),
    async close() {
      (await store)?.disconnect();
    },
  };
}

function readLimit(name: string, text: string): { points: number; duration: number } {
  const [, points, count, unit] = /^(\d{1,9})\/(\d{1,5})([smhd])$/.exec(text) ?? [];
  const factor = Object.entries(seconds).find(([known]) => known === unit)?.[1];
  const duration = Number(count) * (factor ?? 0);
  if (!(Number(points) > 0) || !(duration > 0))
    throw new GatewayError('OPTION_INVALID', `limits.${name}: use a number and a period, for example 600/1m.`);
  return { points: Number(points), duration };
}

async function connect(url: string, logger: GatewayLogger) {
  const loaded = await import('ioredis').catch((cause: unknown) => {
    const hint = 'redisUrl needs the package ioredis. Run: npm install ioredis';
    throw new GatewayError('OPTION_INVALID', hint, { cause });
  });
  const redis = new loaded.Redis(url, {
    enableOfflineQueue: false,
    commandTimeout: redisDeadlineMs,
    maxRetriesPerRequest: 1,
  });
  redis.on('error', ({ message }: Error) =>
    logger.warn({ message }, 'Redis is unavailable: each process counts alone'),
  );
  return redis;
}
