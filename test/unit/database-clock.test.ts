/** The clock that follows the clock of the database (domain/database-clock.ts). */
import { expect, test } from 'vitest';
import { DatabaseClock } from '../../src/domain/database-clock.ts';

const start = Date.parse('2026-03-01T12:00:00Z');

/** A machine and a database with different clocks, and responses that take time. */
function setUp({ machineAheadMs = 0, answerMs = 0 } = {}) {
  const state = { elapsed: 0, machineAheadMs, answerMs, databaseAheadMs: 0, isAway: false };
  const clock = new DatabaseClock({
    machineMs: () => start + state.elapsed + state.machineAheadMs,
    elapsedMs: () => state.elapsed,
    async databaseTime() {
      if (state.isAway) throw new Error('away');
      state.elapsed += state.answerMs / 2;
      const time = new Date(start + state.elapsed + state.databaseAheadMs);
      state.elapsed += state.answerMs / 2;
      return time;
    },
  });
  return { clock, state, trueNow: () => start + state.elapsed };
}

test.each([-3_600_000, -15_000, 0, 15_000, 3_600_000])(
  'a machine that is %i ms ahead uses the time of the database',
  async (machineAheadMs) => {
    const { clock, state, trueNow } = setUp({ machineAheadMs });
    await clock.measure();
    expect(clock.now().getTime()).toBe(trueNow());
    expect(clock.skewSeconds()).toBe(machineAheadMs / 1000);
    state.elapsed += 5000;
    expect(clock.now().getTime()).toBe(trueNow());
  },
);

test('a machine whose clock is set while it runs keeps the time, and reports the skew at once', async () => {
  const { clock, state, trueNow } = setUp();
  await clock.measure();
  state.machineAheadMs = 60_000;
  expect(clock.now().getTime()).toBe(trueNow());
  expect(clock.skewSeconds()).toBe(60);
});

test('a response is taken as the middle of its round trip', async () => {
  const { clock, trueNow } = setUp({ machineAheadMs: 7000, answerMs: 800 });
  await clock.measure();
  expect(clock.now().getTime()).toBe(trueNow());
});

test('a slow response that agrees with the measured time changes nothing', async () => {
  const { clock, state, trueNow } = setUp({ machineAheadMs: 7000 });
  await clock.measure();
  Object.assign(state, { answerMs: 4000, databaseAheadMs: 1500 });
  await clock.measure();
  expect(clock.now().getTime()).toBe(trueNow());
});

test.each([-3_600_000, -45_000, 45_000, 3_600_000])(
  'a machine that is %i ms ahead does not keep its own time when the first response is slow',
  async (machineAheadMs) => {
    const answerMs = 1800;
    const { clock, trueNow } = setUp({ machineAheadMs, answerMs });
    await clock.measure();
    expect(Math.abs(clock.now().getTime() - trueNow())).toBeLessThanOrEqual(answerMs / 2);
  },
);

test.each([-9000, 9000])(
  'a slow response corrects a clock that is %i ms behind by as much as it proves',
  async (databaseAheadMs) => {
    const { clock, state, trueNow } = setUp();
    await clock.measure();
    Object.assign(state, { answerMs: 4000, databaseAheadMs });
    await clock.measure();
    expect(clock.now().getTime()).toBe(trueNow() + databaseAheadMs - Math.sign(databaseAheadMs) * 2000);
  },
);

test('a database outage leaves the measured time, and a new database is followed', async () => {
  const { clock, state, trueNow } = setUp({ machineAheadMs: 15_000 });
  await clock.measure();
  state.isAway = true;
  await expect(clock.measure()).rejects.toThrow('away');
  state.elapsed += 30_000;
  expect(clock.now().getTime()).toBe(trueNow());
  Object.assign(state, { isAway: false, databaseAheadMs: 500 });
  await clock.measure();
  expect(clock.now().getTime()).toBe(trueNow() + 500);
});
