/**
 * Lets a bounded number of password hashes run at once, and a bounded number wait for a bounded time. Without the
 * bound, 200 parallel sign-ins block the thread pool that file and name look-ups share (measured: for 25 s). Without
 * the bound of time, slow hashes would be computed for callers whose request has already timed out (http/deadline.ts).
 */
import { type Trace, untraced } from '../../trace.ts';

export class HashGateFull extends Error {
  override name = 'HashGateFull';
}

export class HashGate {
  readonly #width: number;
  readonly #maxWaiting: number;
  readonly #maxWaitMs: number;
  readonly #trace: Trace;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #admitted = 0;

  constructor(limits: { width: number; maxWaiting: number; maxWaitMs: number }, trace: Trace = untraced) {
    this.#width = limits.width;
    this.#maxWaiting = limits.maxWaiting;
    this.#maxWaitMs = limits.maxWaitMs;
    this.#trace = trace;
  }

  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /**
   * Runs work that hashes at a later step, such as a sign-in. The work beyond the places to run and to wait is refused
   * before it begins, so that it costs no statement in the database.
   * @param work gets a function that gives its place back early: it will not hash any more
   * @throws HashGateFull
   */
  async admit<T>(work: (leave: () => void) => Promise<T>): Promise<T> {
    const isFull = this.#admitted >= this.#width + this.#maxWaiting || this.#isQueueFull();
    if (isFull) throw new HashGateFull();
    this.#admitted += 1;
    let isInside = true;
    const leave = () => {
      if (isInside) this.#admitted -= 1;
      isInside = false;
    };
    try {
      return await work(leave);
    } finally {
      leave();
    }
  }

  /** @throws HashGateFull when the queue is full, or when the wait takes too long */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#trace.span('hash wait', async () => this.#enter());
    try {
      return await this.#trace.span('hash run', work);
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | void {
    if (this.#running < this.#width) {
      this.#running += 1;
      return;
    }
    if (this.#isQueueFull()) throw new HashGateFull();
    return new Promise((resolve, reject) => {
      const begin = () => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(new HashGateFull());
      }, this.#maxWaitMs);
      this.#waiting.push(begin);
    });
  }

  #isQueueFull(): boolean {
    return this.#running >= this.#width && this.#waiting.length >= this.#maxWaiting;
  }

  /** Starts the next waiting hash, or frees the place. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
