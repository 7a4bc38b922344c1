/**
 * Follows the events of all instances: one reader of this process, for every stream and every waiting feed request. It
 * reads only while there are listeners.
 */
import { LRUCache } from 'lru-cache';
import { describeError, type Logger } from '../../logger.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import {
  type ReadEvent,
  readPosition,
  readRecentEvents,
  readTail,
  type TailPosition,
} from '../../persistence/events/tail.ts';
import { type Clock, secondsAfter } from '../clock.ts';

export type StreamedEvent = ReadEvent;
export type EventListener = (events: readonly StreamedEvent[]) => void;

export interface TailDependencies {
  fork(): EntityManager;
  clock: Clock;
  logger: Logger;
  /** Milliseconds of a monotonic clock. */
  elapsedMs(): number;
}

const pollEveryMs = 500;
/** Changes wake the reader; bursts of them share a poll. */
const wakeAfterMs = 20;
/** Older events are of no use to a client that is connected now. */
const maxAgeSeconds = 300;
/** After a restore or a failover, events of this long ago are read again. */
const overlapSeconds = 60;
const rememberedEvents = 10_000;

export class EventTail {
  readonly #deps: TailDependencies;
  readonly #listeners = new Set<EventListener>();
  /** Ids of delivered events: those of the overlap are delivered once. */
  readonly #delivered = new LRUCache<string, true>({ max: rememberedEvents });
  #position: TailPosition | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** When the timer fires, by the monotonic clock. */
  #dueAtMs = 0;
  #polling: Promise<void> | null = null;
  #polledAt = Number.NEGATIVE_INFINITY;
  #lateSeconds = 0;
  #isFailing = false;
  #isStopped = false;

  constructor(deps: TailDependencies) {
    this.#deps = deps;
  }

  /**
   * Resolves once a position is known: the listener receives every event that commits afterwards.
   * @returns ends it
   * @throws the error of the database
   */
  async listen(listener: EventListener): Promise<() => void> {
    const stop = () => this.#forget(listener);
    this.#listeners.add(listener);
    try {
      if (this.#position === null) await this.#poll();
      if (this.#position === null) await this.#begin();
    } catch (error) {
      stop();
      throw error;
    }
    this.#schedule(pollEveryMs);
    return stop;
  }

  /** Reads at once: a change has committed. */
  wake(): void {
    if (this.#listeners.size > 0) this.#schedule(wakeAfterMs);
  }

  /** The seconds since the last successful poll; 0 while there is no listener. */
  get silentSeconds(): number {
    return this.#listeners.size === 0 ? 0 : (this.#deps.elapsedMs() - this.#polledAt) / 1000;
  }

  /** How late the newest events were, or how long the database has been silent. */
  get lagSeconds(): number {
    return Math.max(this.#lateSeconds, this.silentSeconds - pollEveryMs / 1000, 0);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#listeners.clear();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#polling;
  }

  #forget(listener: EventListener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#position = null;
    this.#lateSeconds = 0;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** An earlier poll that is planned stays: a steady flow of changes must not postpone it. */
  #schedule(afterMs: number): void {
    if (this.#isStopped || this.#listeners.size === 0) return;
    const dueAtMs = this.#deps.elapsedMs() + afterMs;
    if (this.#timer && this.#dueAtMs <= dueAtMs) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#dueAtMs = dueAtMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#pollAgain().finally(() => this.#schedule(pollEveryMs));
    }, afterMs);
  }

  /** A poll that runs already may have begun before the change that asks for this one. */
  async #pollAgain(): Promise<void> {
    await this.#polling;
    if (this.#listeners.size > 0) await this.#poll();
  }

  /** One at a time. A failed poll is repeated: the position stays. */
  #poll(): Promise<void> {
    this.#polling ??= this.#read()
      .then(() => this.#noteSuccess())
      .catch((error: unknown) => this.#noteFailure(error))
      .finally(() => {
        this.#polling = null;
      });
    return this.#polling;
  }

  async #read(): Promise<void> {
    const { fork, clock } = this.#deps;
    const from = this.#position;
    if (from === null) return this.#begin();
    const now = clock.now();
    const { position, events } = await readTail(fork(), from.snapshot, secondsAfter(now, -maxAgeSeconds));
    const isContinued = position.clusterId === from.clusterId && endOf(position.snapshot) >= endOf(from.snapshot);
    // Another cluster, or an earlier state of this one: a restore or a failover. Its transactions have other numbers.
    const found = isContinued ? events : await readRecentEvents(fork(), secondsAfter(now, -overlapSeconds));
    if (this.#position !== from) return;
    this.#position = position;
    this.#deliver(found, now);
  }

  async #begin(): Promise<void> {
    this.#position = await readPosition(this.#deps.fork());
    this.#noteSuccess();
  }

  #deliver(found: readonly StreamedEvent[], now: Date): void {
    const events = found.filter(({ id }) => !this.#delivered.has(id));
    for (const { id } of events) this.#delivered.set(id, true);
    const ages = events.map(({ occurredAt }) => (now.getTime() - new Date(occurredAt).getTime()) / 1000);
    this.#lateSeconds = Math.max(0, ...ages);
    if (events.length === 0) return;
    for (const listener of [...this.#listeners]) listener(events);
  }

  #noteSuccess(): void {
    this.#polledAt = this.#deps.elapsedMs();
    if (this.#isFailing) this.#deps.logger.info('events are read again');
    this.#isFailing = false;
  }

  #noteFailure(error: unknown): void {
    if (!this.#isFailing) this.#deps.logger.warn(describeError(error), 'events could not be read: retrying');
    this.#isFailing = true;
  }
}

/** `xmax` of a snapshot. */
function endOf(snapshot: string): bigint {
  return BigInt(snapshot.split(':')[1] ?? '0');
}
