/** A clock that stands still until a test moves it. */
import type { Clock } from '../../../src/domain/clock.ts';

export interface TestClock extends Clock {
  travel(seconds: number): void;
}

export function createTestClock(start = new Date()): TestClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    travel(seconds) {
      now += seconds * 1000;
    },
  };
}
