/** Statements that answer concurrent requests together (persistence/batches.ts). */
import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { alone, createBatches } from '../../src/persistence/batches.ts';

/** Each call of `many` waits until the test answers it. */
function heldBatches() {
  const held: { keys: readonly string[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const asked: string[] = [];
  const batches = createBatches<string, string>({
    many: (keys) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve(keys.map((key) => (key === 'locked' ? alone : key.toUpperCase())));
        held.push({ keys, answer, fail: reject });
      }),
    async one(key) {
      asked.push(key);
      if (key === 'bad') throw new Error('this key is bad');
      return `${key} alone`;
    },
  });
  return { batches, held, asked };
}

test('two requests are sent at once, and the ones after them share the next statement', async () => {
  const { batches, held } = heldBatches();
  const first = batches.load('a');
  await setImmediate();
  const second = batches.load('b');
  await setImmediate();
  const others = ['c', 'd', 'e'].map((key) => batches.load(key));
  await setImmediate();
  expect(held.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
  held[0]?.answer();
  expect(await first).toBe('A');
  await setImmediate();
  expect(held.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
  held[2]?.answer();
  expect(await Promise.all(others)).toEqual(['C', 'D', 'E']);
  held[1]?.answer();
  expect(await second).toBe('B');
});

test('requests of one turn of the event loop share a statement, although their work before it differs', async () => {
  const { batches, held } = heldBatches();
  const first = batches.load('a');
  const second = Promise.resolve().then(() => batches.load('b'));
  await setImmediate();
  expect(held.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  held[0]?.answer();
  expect(await Promise.all([first, second])).toEqual(['A', 'B']);
});

test('statements that hang delay the next one by a tenth of a second only', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { batches, held } = heldBatches();
    for (const key of ['a', 'b', 'c']) {
      void batches.load(key);
      await setImmediate();
    }
    expect(held.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
    vi.advanceTimersByTime(100);
    expect(held.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['c']]);
  } finally {
    vi.useRealTimers();
  }
});

test('no answer is kept: the same key is asked for again', async () => {
  const { batches, held } = heldBatches();
  for (const count of [1, 2, 3]) {
    const answer = batches.load('a');
    await setImmediate();
    expect(held.length).toBe(count);
    held[count - 1]?.answer();
    expect(await answer).toBe('A');
  }
});

test('a key that has to wait does not delay the other keys of its statement', async () => {
  const { batches, held, asked } = heldBatches();
  const answers = Promise.all([batches.load('a'), batches.load('locked')]);
  await setImmediate();
  held[0]?.answer();
  expect(await answers).toEqual(['A', 'locked alone']);
  expect(asked).toEqual(['locked']);
});

test('one bad key fails alone', async () => {
  const { batches, held } = heldBatches();
  const answers = Promise.allSettled([batches.load('good'), batches.load('bad')]);
  await setImmediate();
  held[0]?.fail(new Error('invalid input syntax'));
  expect(await answers).toMatchObject([
    { status: 'fulfilled', value: 'good alone' },
    { status: 'rejected', reason: { message: 'this key is bad' } },
  ]);
});

test('an unavailable database fails the statement once, without a retry for each key', async () => {
  const { batches, held, asked } = heldBatches();
  const answers = Promise.allSettled([batches.load('a'), batches.load('b')]);
  await setImmediate();
  held[0]?.fail(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(asked).toEqual([]);
});
