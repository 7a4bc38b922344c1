/** Parallel callers and the outcome of each. */
import { refusal, type TestError } from '../gateway/gateway.ts';

export type Outcome<T> = { value: T; error: null } | { value: null; error: TestError };

/**
 * Starts all calls before the first response. A call that fails in another way than with a single refusal fails the
 * test.
 */
export function atOnce<T>(callers: number, call: (caller: number) => Promise<T>): Promise<Outcome<T>[]> {
  return Promise.all(Array.from({ length: callers }, (_, caller) => outcomeOf(call(caller))));
}

export function outcomeOf<T>(call: Promise<T>): Promise<Outcome<T>> {
  return call.then(
    (value) => ({ value, error: null }),
    async (reason: unknown) => ({ value: null, error: await refusal(Promise.reject(reason)) }),
  );
}

export function valuesOf<T>(outcomes: readonly Outcome<T>[]): T[] {
  return outcomes.flatMap(({ value, error }) => (error === null ? [value] : []));
}

/** The number of responses with each error code. */
export function codesOf(outcomes: readonly Outcome<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { error } of outcomes) if (error) counts[error.code] = (counts[error.code] ?? 0) + 1;
  return counts;
}
