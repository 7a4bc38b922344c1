/** Counts of one process (ratelimit/local-counts.ts): growing waits, and bounded memory. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LocalCounts } from '../../src/ratelimit/local-counts.ts';

const minute = 60;
const hour = 60 * minute;
const limit = { max: 3, windowSeconds: minute };

let counts: LocalCounts;
const open = (options: { share?: number; maxIdentities?: number } = {}) => {
  counts = new LocalCounts(options);
};
beforeEach(() => {
  vi.useFakeTimers();
  open();
});
afterEach(() => {
  counts.close();
  vi.useRealTimers();
});

const consume = (key: string, of = limit) => counts.consume('refresh', of, key);
const burst = (count: number, key: string, of = limit) =>
  Promise.all(Array.from({ length: count }, () => consume(key, of)));
const travel = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

/** Uses up the limit, calls once more, and waits as long as required. @returns the wait in seconds */
async function violate(key: string, of = limit): Promise<number> {
  await burst(of.max, key, of);
  const { passed, endsInMs } = await consume(key, of);
  expect(passed).toBe(false);
  travel(endsInMs / 1000);
  return endsInMs / 1000;
}

/** The waits of so many violations in sequence. */
async function waits(count: number, key: string, of = limit): Promise<number[]> {
  const seconds: number[] = [];
  while (seconds.length < count) seconds.push(await violate(key, of));
  return seconds;
}

describe('the wait', () => {
  test('is the rest of the window at first, then doubles up to one hour', async () => {
    expect(await waits(9, 'a')).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  test('is never shorter than the rest of the window', async () => {
    const long = { max: 1, windowSeconds: 6 * hour };
    expect(await waits(3, 'a', long)).toEqual([6 * hour, 6 * hour, 6 * hour]);
  });

  test('counts a burst as one violation, for any number of calls', async () => {
    await burst(1000, 'a');
    travel(minute);
    expect(await violate('a')).toBe(120);
  });

  test('is not extended by calls during the wait', async () => {
    await waits(2, 'a');
    await burst(limit.max + 1, 'a');
    for (let waited = 0; waited < 240; waited += 10) {
      expect((await consume('a')).endsInMs).toBe((240 - waited) * 1000);
      travel(10);
    }
    expect((await consume('a')).passed).toBe(true);
  });

  test('is the same for every caller refused at once', async () => {
    await waits(3, 'a');
    const refused = (await burst(50, 'a')).filter(({ passed }) => !passed);
    expect(refused).toHaveLength(47);
    expect(new Set(refused.map(({ endsInMs }) => endsInMs))).toEqual(new Set([480_000]));
  });

  test('is reset one day after the last violation, and not earlier', async () => {
    await waits(3, 'a');
    travel(24 * hour - 480 - 241);
    expect(await violate('a')).toBe(480);
    travel(24 * hour);
    expect(await violate('a')).toBe(60);
  });

  test('does not grow for callers within the limit', async () => {
    await violate('a');
    for (let round = 0; round < 20; round += 1) {
      expect((await burst(limit.max, 'a')).every(({ passed }) => passed)).toBe(true);
      travel(minute);
    }
    expect(await violate('a')).toBe(120);
  });

  test('belongs to one limit and one key', async () => {
    await waits(4, 'a');
    expect(await violate('b')).toBe(60);
    await counts.consume('register', { max: 1, windowSeconds: 60 }, 'a');
    expect((await counts.consume('register', { max: 1, windowSeconds: 60 }, 'a')).endsInMs).toBe(60_000);
  });

  test('does not grow because an attempt was returned', async () => {
    await violate('a');
    await burst(limit.max + 1, 'a');
    for (let round = 0; round < 5; round += 1) {
      await counts.giveBack('refresh', limit, 'a');
      expect((await consume('a')).passed).toBe(true);
      expect(await consume('a')).toMatchObject({ passed: false, endsInMs: 120_000 });
    }
  });
});

describe('a share of a limit', () => {
  test.each([
    [10, 5],
    [3, 1],
    [1, 1],
  ])('of %i accepts %i: less than the limit, and never zero', async (max, expected) => {
    counts.close();
    open({ share: 0.5 });
    const answers = await burst(20, 'a', { max, windowSeconds: 60 });
    expect(answers.filter(({ passed }) => passed)).toHaveLength(expected);
    expect(answers.at(-1)).toMatchObject({ max: expected, remaining: 0 });
  });
});

describe('memory', () => {
  const fill = async (count: number) => {
    for (let index = 0; index < count; index += 1) await consume(`key ${index}`);
  };

  test('is freed when windows end', async () => {
    await fill(1000);
    expect(counts.size).toBe(1000);
    travel(2 * minute);
    expect(counts.size).toBe(0);
  });

  test('keeps violations for a day', async () => {
    await violate('a');
    await fill(10);
    travel(12 * hour);
    expect(counts.size).toBe(1);
    travel(12 * hour);
    expect(counts.size).toBe(0);
  });

  test('drops violations with an elapsed wait before new keys share windows', async () => {
    counts.close();
    open({ maxIdentities: 100 });
    for (let index = 0; index < 60; index += 1) await burst(limit.max + 1, `key ${index}`);
    travel(2 * minute);
    expect(counts.size).toBe(0);
  });

  test('is bounded: beyond the bound new keys share windows, and no key is dropped', async () => {
    counts.close();
    open({ maxIdentities: 100 });
    await burst(limit.max, 'attacker');
    await fill(20_000);
    expect(counts.size).toBeLessThanOrEqual(100 + 1024);
    expect((await consume('attacker')).passed).toBe(false);
  });

  test('beyond its bound still has limits: one limit for each shared window', async () => {
    counts.close();
    open({ maxIdentities: 10 });
    await fill(10);
    let passed = 0;
    for (let index = 0; index < 20_000; index += 1) if ((await consume(`newcomer ${index}`)).passed) passed += 1;
    expect(passed).toBeLessThanOrEqual(1024 * limit.max);
    expect(passed).toBeGreaterThan(1000 * limit.max);
  });

  test('beyond its bound applies no violation to other keys of a shared window', async () => {
    counts.close();
    open({ maxIdentities: 1 });
    await consume('first');
    for (const wait of [60, 60, 60, 60]) expect(await violate('newcomer')).toBe(wait);
  });
});
