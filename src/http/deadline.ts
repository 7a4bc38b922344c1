/** How long an operation may take before its caller is told that it is not going to be answered. */
import { Refusal, spreadSeconds } from '../domain/errors.ts';

export const operationDeadlineMs = 10_000;

/** @throws Refusal SERVICE_UNAVAILABLE when the work is not done by then. It goes on by itself, and nobody hears of it. */
export async function withinDeadline<T>(work: Promise<T>, deadlineMs = operationDeadlineMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const refusal = new Refusal('SERVICE_UNAVAILABLE', { retryAfterSeconds: spreadSeconds() });
    timer = setTimeout(() => reject(refusal), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
