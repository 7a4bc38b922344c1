/** Measures this process: its memory, and how late the event loop calls timers. */
import { totalmem } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 20;
const windowMs = 10_000;
const nanosecondsPerMs = 1e6;

export interface Memory {
  residentBytes: number;
  /** The limit of the control group; null: there is none. */
  limitBytes: number | null;
}

export function readMemory(): Memory {
  const limit = process.constrainedMemory();
  // Without a limit, Linux reports one that exceeds the machine.
  const isLimited = limit > 0 && limit <= totalmem();
  return { residentBytes: process.memoryUsage.rss(), limitBytes: isLimited ? limit : null };
}

/** The 99th percentile of the delay in the last whole window. */
export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #timer: NodeJS.Timeout;
  #lastMs: number | null = null;

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#lastMs = this.#current();
      this.#histogram.reset();
    }, windowMs).unref();
  }

  /** In the first window: of the time since the start. */
  get p99Ms(): number {
    return this.#lastMs ?? this.#current();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  /** Node.js records the time between two calls of a timer, of which the resolution is no delay. */
  #current(): number {
    return Math.max(0, this.#histogram.percentile(99) / nanosecondsPerMs - resolutionMs);
  }
}
