/**
 * Joins what concurrent requests ask of the database into one statement. It keeps no answers: each request is answered
 * from a statement that began after the request did.
 */
import DataLoader from 'dataloader';
import { type Trace, untraced } from '../trace.ts';
import { isDatabaseUnavailable } from './connection/availability.ts';

export interface Batches<Key, Value> {
  load(key: Key): Promise<Value>;
}

/** In place of an answer: the key is asked for by `one`, so that its neighbours need not wait. */
export const alone = Symbol('alone');

export interface Reading<Key, Value> {
  /** @returns the answers in the order of the keys */
  many(keys: readonly Key[]): Promise<(Value | typeof alone)[]>;
  one(key: Key): Promise<Value>;
}

/** Statements at a time. A request that finds fewer does not wait; others join the next statement. */
const parallelStatements = 2;
/** A statement that takes longer, on a lock or a silent network, does not delay the next one. */
const slowMs = 100;
const maxBatchSize = 200;

/** @param name of the span in which a request waits for its answer; the statement is a span of its first request */
export function createBatches<Key, Value>(
  { many, one }: Reading<Key, Value>,
  name = 'batch',
  trace: Trace = untraced,
): Batches<Key, Value> {
  const turns = new Turns();
  const read = (keys: readonly Key[]) =>
    turns.run(async (): Promise<(Value | typeof alone)[]> => {
      try {
        return await many(keys);
      } catch (error) {
        if (keys.length === 1 || isDatabaseUnavailable(error)) throw error;
        // One bad key must not fail its neighbours.
        return keys.map(() => alone);
      }
    });
  const batchScheduleFn = (start: () => void) => turns.add(trace.bind(start));
  const loader = new DataLoader(read, { cache: false, maxBatchSize, batchScheduleFn });
  return {
    load: (key) =>
      trace.span(name, async () => {
        const answer = await loader.load(key);
        return answer === alone ? one(key) : answer;
      }),
  };
}

/** Starts statements in the order of their first keys. */
class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param start calls `run` before it returns */
  add(start: () => void): void {
    this.#waiting.push(start);
    // The requests that have arrived already join the batch; one that is alone waits for no other.
    setImmediate(() => this.#startWaiting());
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    let isCounted = true;
    const end = () => {
      if (isCounted) this.#running -= 1;
      isCounted = false;
      this.#startWaiting();
    };
    this.#running += 1;
    const slow = setTimeout(end, slowMs);
    try {
      return await work();
    } finally {
      clearTimeout(slow);
      end();
    }
  }

  #startWaiting(): void {
    while (this.#running < parallelStatements) {
      const start = this.#waiting.shift();
      if (!start) return;
      start();
    }
  }
}
