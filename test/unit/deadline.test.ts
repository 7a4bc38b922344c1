/** The deadline of an operation (http/deadline.ts). */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { operationDeadlineMs, withinDeadline } from '../../src/http/deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('done'), ms));

test('work that ends in time is returned, and nothing keeps running', async () => {
  const answer = withinDeadline(after(operationDeadlineMs - 1));
  await vi.advanceTimersByTimeAsync(operationDeadlineMs - 1);
  expect(await answer).toBe('done');
  expect(vi.getTimerCount()).toBe(0);
});

test('work that takes longer is refused after ten seconds, with a time to retry', async () => {
  const answer = withinDeadline(after(60_000)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await answer).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    options: { retryAfterSeconds: expect.any(Number) },
  });
});

test('a failure in time stays the same, and a late failure is ignored', async () => {
  await expect(withinDeadline(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const late = new Promise<never>((_resolve, reject) => setTimeout(() => reject(new Error('late')), 20_000));
  const answer = withinDeadline(late).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await answer).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
