/**
 * Records of used tokens (domain/sessions/confirmations.ts): written in batches, bounded, and kept during an outage.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Confirmations } from '../../src/domain/sessions/confirmations.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function create(write: (notes: ReadonlyMap<string, number>) => Promise<void> = async () => undefined) {
  const batches: [string, number][][] = [];
  const errors: unknown[] = [];
  const confirmations = new Confirmations({
    async write(notes) {
      batches.push([...notes]);
      await write(notes);
    },
    report: (error) => errors.push(error),
  });
  return { confirmations, batches, errors };
}

test('records of one second are written together, the newest of each session', async () => {
  const { confirmations, batches } = create();
  confirmations.note('a', 1);
  confirmations.note('b', 4);
  confirmations.note('a', 2);
  await vi.advanceTimersByTimeAsync(999);
  expect(batches).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(batches).toEqual([
    [
      ['a', 2],
      ['b', 4],
    ],
  ]);
});

test('nothing is written without records', async () => {
  const { confirmations, batches } = create();
  await confirmations.flush();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(batches).toEqual([]);
});

test('a failed write is retried a second later, unless a newer record has arrived', async () => {
  let isAway = true;
  const { confirmations, batches, errors } = create(async () => {
    if (isAway) throw new Error('away');
  });
  confirmations.note('a', 1);
  confirmations.note('b', 1);
  await vi.advanceTimersByTimeAsync(1000);
  confirmations.note('a', 2);
  isAway = false;
  await vi.advanceTimersByTimeAsync(1000);
  expect(errors).toHaveLength(1);
  expect(new Map(batches.at(-1))).toEqual(
    new Map([
      ['a', 2],
      ['b', 1],
    ]),
  );
  expect(batches).toHaveLength(2);
});

test('a flush writes at once, and ends after the current write', async () => {
  const written: string[] = [];
  let finish: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { confirmations } = create(async (notes) => {
    await slow;
    written.push(...notes.keys());
  });
  confirmations.note('a', 1);
  const first = confirmations.flush();
  confirmations.note('b', 1);
  const second = confirmations.flush();
  finish();
  await Promise.all([first, second]);
  expect(written).toEqual(['a', 'b']);
});

test('at most ten thousand sessions are held', async () => {
  const { confirmations, batches } = create();
  for (let session = 0; session < 20_000; session += 1) confirmations.note(String(session), 1);
  await confirmations.flush();
  expect(batches[0]).toHaveLength(10_000);
});
