/**
 * Lets a bounded number of password hashes run at once and a bounded number wait. Ungated, 200 parallel sign-ins
 * starve the thread pool that file and name look-ups share (measured: for 25 s).
 */
export class HashGateFull extends Error {
  override name = 'HashGateFull';
}

export class HashGate {
  readonly #width: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { width: number; maxWaiting: number }) {
    this.#width = limits.width;
    this.#maxWaiting = limits.maxWaiting;
  }

  get load(): { running: number; waiting: number } {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /** @throws HashGateFull when as many are waiting as may */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | void {
    if (this.#running < this.#width) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw new HashGateFull();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the place to the next in line, or gives it back. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}
