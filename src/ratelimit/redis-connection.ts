/** The connection to Redis. No call waits for it: a call without a connection fails, and is counted locally. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { readRedisUrl } from './redis-url.ts';

export type RedisClient = Redis | Cluster;

/** A Redis without a response by then counts as down. */
export const redisDeadlineMs = 200;
/** After this silence the connection is closed. Until there is a new one, requests are counted locally. */
const silenceMs = 1000;
const reconnectEveryMs = 1000;

const retryStrategy = (attempt: number) => Math.min(attempt * 100, 2000);

export function connectRedis(url: string): RedisClient {
  const redis = create(url);
  // Without a listener a lost connection would end the process; /readyz reports its state.
  redis.on('error', () => undefined);
  return redis;
}

function create(url: string): RedisClient {
  const target = readRedisUrl(url);
  // A subscriber subscribes when the connection is ready. ioredis would leave a refusal of Redis unhandled.
  const options = { ...timeLimits, autoResubscribe: false, reconnectOnError: createReconnection() };
  if (target.kind === 'server')
    return new Redis(url, { ...options, enableOfflineQueue: false, maxRetriesPerRequest: 0, retryStrategy });
  const { username, password, nodes } = target;
  const credentials = { ...(username && { username }), ...(password && { password }) };
  const tls = target.tls ? { tls: {} } : {};
  if (target.kind === 'cluster') {
    return new Cluster(nodes, {
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      slotsRefreshTimeout: silenceMs,
      slotsRefreshInterval: slotsRefreshMs,
      redisOptions: { ...options, ...credentials, ...tls },
    });
  }
  return new Redis({
    ...options,
    ...credentials,
    ...tls,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy,
    sentinels: nodes,
    name: target.master,
    db: target.database,
    // Replaces the connection when the Sentinels announce another master, also while the former one answers.
    failoverDetector: true,
    sentinelRetryStrategy: retryStrategy,
    sentinelCommandTimeout: silenceMs,
    ...(target.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  });
}

const slotsRefreshMs = 5000;
const timeLimits = {
  commandTimeout: silenceMs,
  socketTimeout: silenceMs,
  connectTimeout: silenceMs,
  disconnectTimeout: redisDeadlineMs,
} satisfies RedisOptions;

/** A replica rejects writes. A new connection, at most one a second, may reach the new primary. */
function createReconnection(): (error: Error) => boolean {
  let lastAt = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (!/\bREADONLY\b/.test(message) || performance.now() - lastAt < reconnectEveryMs) return false;
    lastAt = performance.now();
    return true;
  };
}
