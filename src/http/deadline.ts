/** The maximum duration of an operation; after it the caller receives an error. */
import { Refusal, spreadSeconds } from '../domain/errors.ts';

export const operationDeadlineMs = 10_000;

/**
 * For Node's servers. Fastify's own `requestTimeout` sets one of the two, and Node takes the longer for the headers and
 * looks every 30 s: slow bodies lived for 86 s.
 */
export const connectionTimeouts = {
  headersTimeout: operationDeadlineMs,
  requestTimeout: operationDeadlineMs,
  connectionsCheckingInterval: 1000,
} as const;

/** Of one process, above which Node closes new connections. */
export const maxConnections = 20_000;

/** @throws Refusal SERVICE_UNAVAILABLE when the work is not done by then. The work continues, and its result is dropped. */
export async function withinDeadline<T>(work: Promise<T>, deadlineMs = operationDeadlineMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // Made when it is needed: the stack trace of an error costs more than the timer.
    const refuse = () => reject(new Refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: spreadSeconds() }));
    timer = setTimeout(refuse, deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
