/**
 * Runs the work of one key in sequence, before it takes a database connection. The database's lock makes the work safe
 * across instances; without the queue, all waiting requests for one address would hold every connection of the pool.
 */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<unknown>>();

  /** @returns the result of the work, once the earlier work of the key has settled */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}
