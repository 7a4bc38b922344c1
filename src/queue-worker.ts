/**
 * Delivers the entries of a queue in the database. Instances share the work; the entry of a dead worker is claimed again.
 * No request waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trace } from './trace.ts';

/** Some orchestrators kill a process ten seconds after SIGTERM. */
const stopMs = 4000;

export interface Claim {
  now: Date;
  /** Until then no other worker claims the entries. */
  until: Date;
  limit: number;
}

export interface QueueWorkerOptions<Entry extends { id: string }> {
  /** Each delivery has its own place, so a slow one blocks one place only. */
  maxAtOnce: number;
  /** Longer than a delivery, so that no entry is claimed twice while its worker runs. */
  claimSeconds: number;
  /** The pause between two queries of an empty queue. */
  pollMs: number;
  trace: Pick<Trace, 'root'>;
  now(): Date;
  claim(claim: Claim): Promise<Entry[]>;
  /** Names the trace of a delivery. */
  nameOf(entry: Entry): string;
  /**
   * Attempts the delivery, and records a failure.
   * @param signal ends an attempt that takes longer than the shutdown
   * @returns whether it was delivered
   */
  deliver(entry: Entry, signal: AbortSignal): Promise<boolean>;
  /** Records that the entry was delivered. */
  markDelivered(id: string): Promise<void>;
  /** @param entry null: the queue could not be read */
  report(error: unknown, entry: Entry | null): void;
  /** Releases what deliveries use. */
  close(): void;
}

export class QueueWorker<Entry extends { id: string }> {
  readonly #options: QueueWorkerOptions<Entry>;
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  /** Delivered while the database was unavailable: recorded before the next entry, or they would be delivered again. */
  readonly #unrecorded = new Set<string>();
  #running: Promise<void> = Promise.resolve();

  constructor(options: QueueWorkerOptions<Entry>) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Delivers due entries once more, for a few seconds, and stops. */
  async stop(): Promise<void> {
    const deadline = setTimeout(() => this.#aborting.abort(), stopMs);
    this.#stopping.abort();
    await this.#running;
    while (!this.#aborting.signal.aborted && (await this.#startDue())) await Promise.race(this.#underWay);
    await Promise.all(this.#underWay);
    clearTimeout(deadline);
    this.#options.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (await this.#startDue()) await Promise.race(this.#underWay);
      // Rejects when it is woken to stop.
      else await sleep(this.#options.pollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns whether every place is taken, so that more may be due */
  async #startDue(): Promise<boolean> {
    const { maxAtOnce, claimSeconds, now, claim, report } = this.#options;
    try {
      for (const id of this.#unrecorded) await this.#record(id);
      const at = now();
      const until = new Date(at.getTime() + claimSeconds * 1000);
      const limit = maxAtOnce - this.#underWay.size;
      const entries = limit > 0 ? await claim({ now: at, until, limit }) : [];
      for (const entry of entries) this.#start(entry);
    } catch (error) {
      // The database is unavailable: the entries stay in the queue.
      report(error, null);
      return false;
    }
    return this.#underWay.size >= maxAtOnce;
  }

  #start(entry: Entry): void {
    const { trace, nameOf, report } = this.#options;
    const delivery = trace
      .root(nameOf(entry), () => this.#deliver(entry))
      .catch((error: unknown) => report(error, entry))
      .finally(() => this.#underWay.delete(delivery));
    this.#underWay.add(delivery);
  }

  async #deliver(entry: Entry): Promise<void> {
    if (await this.#options.deliver(entry, this.#aborting.signal)) await this.#record(entry.id);
  }

  async #record(id: string): Promise<void> {
    try {
      await this.#options.markDelivered(id);
      this.#unrecorded.delete(id);
    } catch (error) {
      this.#unrecorded.add(id);
      throw error;
    }
  }
}
