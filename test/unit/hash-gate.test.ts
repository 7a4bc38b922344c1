/** The hash gate (security/passwords/hash-gate.ts): limits of running and of waiting jobs, and no lost job. */
import { afterEach, expect, test, vi } from 'vitest';
import { HashGate, HashGateFull } from '../../src/security/passwords/hash-gate.ts';

const maxWaitMs = 4000;
afterEach(() => vi.useRealTimers());

/** A job that ends when the test completes it. */
function job() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const state = { started: false };
  const work = () => {
    state.started = true;
    return promise;
  };
  return { state, work, finish: resolve, fail: reject };
}

/** Lets all ready tasks run. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test('as many jobs run at once as the gate is wide, and the others wait', async () => {
  const gate = new HashGate({ width: 2, maxWaiting: 10, maxWaitMs });
  const jobs = Array.from({ length: 5 }, job);
  const runs = jobs.map(({ work }) => gate.run(work));
  await settle();
  expect(jobs.map(({ state }) => state.started)).toEqual([true, true, false, false, false]);
  for (const { finish } of jobs) finish('done');
  expect(await Promise.all(runs)).toEqual(Array(5).fill('done'));
});

test('no more jobs than the width ever run at once under load', async () => {
  const gate = new HashGate({ width: 3, maxWaiting: 100, maxWaitMs });
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await settle();
    running -= 1;
  };
  await Promise.all(Array.from({ length: 60 }, () => gate.run(work)));
  expect(most).toBe(3);
});

test('the longest waiting job is next', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 10, maxWaitMs });
  const order: number[] = [];
  await Promise.all([0, 1, 2, 3].map((number) => gate.run(async () => order.push(number))));
  expect(order).toEqual([0, 1, 2, 3]);
});

test('a job beyond the queue gets HashGateFull at once, without a start', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 2, maxWaitMs });
  const jobs = Array.from({ length: 3 }, job);
  const surplus = job();
  const runs = jobs.map(({ work }) => gate.run(work));
  await expect(gate.run(surplus.work)).rejects.toThrow(HashGateFull);
  expect(surplus.state.started).toBe(false);
  for (const { finish } of jobs) finish('done');
  expect(await Promise.all(runs)).toEqual(['done', 'done', 'done']);
});

test('a rejected job is accepted when there is capacity again', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 0, maxWaitMs });
  const first = job();
  const run = gate.run(first.work);
  await expect(gate.run(async () => 'second')).rejects.toThrow(HashGateFull);
  first.finish('first');
  expect(await run).toBe('first');
  expect(await gate.run(async () => 'second')).toBe('second');
});

test('a job whose wait expires is rejected without a start, and the others are not', async () => {
  vi.useFakeTimers();
  const gate = new HashGate({ width: 1, maxWaiting: 10, maxWaitMs });
  const [running, late, signInWithRetry] = [job(), job(), job()];
  const first = gate.run(running.work);
  const turnedAway = expect(gate.run(late.work)).rejects.toThrow(HashGateFull);
  await vi.advanceTimersByTimeAsync(maxWaitMs - 1);
  const last = gate.run(signInWithRetry.work);
  expect(gate.load).toEqual({ running: 1, waiting: 2 });
  await vi.advanceTimersByTimeAsync(1);
  await turnedAway;
  expect(gate.load).toEqual({ running: 1, waiting: 1 });

  running.finish('first');
  signInWithRetry.finish('last');
  expect(await Promise.all([first, last])).toEqual(['first', 'last']);
  expect(late.state.started).toBe(false);
  await vi.advanceTimersByTimeAsync(maxWaitMs);
  expect(gate.load).toEqual({ running: 0, waiting: 0 });
});

test('a failing job frees its slot and passes its error on', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 1, maxWaitMs });
  const failing = job();
  const run = gate.run(failing.work);
  const next = gate.run(async () => 'next');
  failing.fail(new Error('out of memory'));
  await expect(run).rejects.toThrow('out of memory');
  expect(await next).toBe('next');
  expect(await gate.run(async () => 'later')).toBe('later');
});

test('a job that throws before it returns a promise frees its slot as well', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 0, maxWaitMs });
  const broken = gate.run(() => {
    throw new RangeError('memory cost');
  });
  await expect(broken).rejects.toThrow(RangeError);
  expect(await gate.run(async () => 'later')).toBe('later');
});

test('a handed-over slot stays one slot: after full load the gate has the same width', async () => {
  const gate = new HashGate({ width: 2, maxWaiting: 20, maxWaitMs });
  await Promise.all(Array.from({ length: 20 }, () => gate.run(settle)));
  const jobs = Array.from({ length: 3 }, job);
  const runs = jobs.map(({ work }) => gate.run(work));
  await settle();
  expect(jobs.map(({ state }) => state.started)).toEqual([true, true, false]);
  for (const { finish } of jobs) finish('done');
  await Promise.all(runs);
});

test('surplus work gets HashGateFull before it begins, and is admitted after other work has ended', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 1, maxWaitMs });
  const [first, second, surplus] = [job(), job(), job()];
  const runs = [gate.admit(first.work), gate.admit(second.work)];
  await expect(gate.admit(surplus.work)).rejects.toThrow(HashGateFull);
  expect(surplus.state.started).toBe(false);

  first.fail(new Error('refused'));
  await expect(runs[0]).rejects.toThrow('refused');
  surplus.finish('surplus');
  expect(await gate.admit(surplus.work)).toBe('surplus');
  second.finish('second');
  expect(await runs[1]).toBe('second');
});

test('work that hashes later is refused while the queue is full of other hashes', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 1, maxWaitMs });
  const [running, waiting] = [job(), job()];
  const runs = [gate.run(running.work), gate.run(waiting.work)];
  await expect(gate.admit(async () => 'admitted')).rejects.toThrow(HashGateFull);
  running.finish('first');
  waiting.finish('second');
  expect(await Promise.all(runs)).toEqual(['first', 'second']);
  expect(await gate.admit(async () => 'admitted')).toBe('admitted');
});

test('work that will not hash any more gives its place back, once', async () => {
  const gate = new HashGate({ width: 1, maxWaiting: 0, maxWaitMs: 1000 });
  const { promise, resolve } = Promise.withResolvers<void>();
  const first = gate.admit((leave) => {
    leave();
    leave();
    return promise;
  });
  const second = gate.admit(() => promise);
  await expect(gate.admit(async () => undefined)).rejects.toThrow(HashGateFull);
  resolve();
  await Promise.all([first, second]);
  await gate.admit(async () => undefined);
});
