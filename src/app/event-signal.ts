/**
 * Tells the readers of events in all instances, through Redis, that something has committed. A message carries no event:
 * readers find events in the database, and while Redis is away they poll.
 */
import type { Logger } from '../logger.ts';
import { connectRedis, type RedisClient } from '../ratelimit/redis-connection.ts';
import { problemOf } from '../ratelimit/redis-health.ts';

const channel = 'postern:events';
/** Changes of this period share a message. */
const gatherMs = 10;

export interface EventSignalOptions {
  /** null: readers of other instances poll. */
  redisUrl: string | null;
  /** Makes the reader of this process read. */
  wake(): void;
  logger: Logger;
}

export class EventSignal {
  readonly #wake: () => void;
  readonly #sender: RedisClient | null;
  /** A connection that subscribes accepts no other command. */
  readonly #receiver: RedisClient | null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ redisUrl, wake, logger }: EventSignalOptions) {
    this.#wake = wake;
    this.#sender = redisUrl === null ? null : connectRedis(redisUrl);
    this.#receiver = redisUrl === null ? null : receive(connectRedis(redisUrl), wake, logger);
  }

  /** Call it after a commit. */
  announce(): void {
    this.#wake();
    if (this.#sender === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => this.#publish(), gatherMs);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#sender?.disconnect();
    this.#receiver?.disconnect();
  }

  /** No response waits for it, and its failure is harmless: the others poll. */
  #publish(): void {
    this.#timer = null;
    this.#sender?.publish(channel, '').catch(() => undefined);
  }
}

function receive(redis: RedisClient, wake: () => void, logger: Logger): RedisClient {
  redis.on('message', wake);
  redis.on('ready', () => {
    redis.subscribe(channel).catch((error: unknown) => {
      logger.warn(
        { problem: problemOf(error), channel },
        'Redis refuses to announce events: they arrive up to 500 ms later',
      );
    });
  });
  return redis;
}
