/** Ends a subscription when its caller has expired or is revoked. */

import type { Problem } from '@postern/verify';
import type { ExecutionResult } from 'graphql';

export interface EndOptions {
  /** Of each event. */
  complete(result: ExecutionResult): ExecutionResult;
  /** Why the caller may receive no more, or null. */
  problem(): Problem | null;
  last(problem: Problem): ExecutionResult;
}

const checkEveryMs = 500;
const done = { done: true, value: undefined } as const;

/** Not a generator: `return` of a generator waits for the next event, and the stream of the subgraph would stay open. */
export function untilEnded(
  events: AsyncIterable<ExecutionResult>,
  { complete, problem, last }: EndOptions,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = events[Symbol.asyncIterator]();
  const ended = Promise.withResolvers<typeof done>();
  let isEnded = false;
  const timer = setInterval(() => problem() !== null && ended.resolve(done), checkEveryMs);
  const end = async () => {
    isEnded = true;
    clearInterval(timer);
    ended.resolve(done);
    // The subgraph closes its stream in its own time.
    iterator.return?.()?.catch(() => undefined);
    return done;
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (isEnded) return done;
      const event = await Promise.race([iterator.next(), ended.promise]);
      const found = isEnded ? null : problem();
      if (found === null && !event.done) return { done: false, value: complete(event.value) };
      await end();
      return found === null ? done : { done: false, value: last(found) };
    },
    return: end,
  };
}
