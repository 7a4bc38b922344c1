/** Time (domain/clock.ts): durations are seconds, and functions do not change the given instant. */
import { expect, test } from 'vitest';
import { secondsAfter } from '../../src/domain/clock.ts';

test.each([
  [0, '2026-02-28T23:59:30.250Z'],
  [1, '2026-02-28T23:59:31.250Z'],
  [60, '2026-03-01T00:00:30.250Z'],
  [-30, '2026-02-28T23:59:00.250Z'],
  [0.5, '2026-02-28T23:59:30.750Z'],
  [7 * 86_400, '2026-03-07T23:59:30.250Z'],
])('%d seconds after', (seconds, expected) => {
  expect(secondsAfter(new Date('2026-02-28T23:59:30.250Z'), seconds).toISOString()).toBe(expected);
});

test('the given instant is not changed', () => {
  const instant = new Date('2026-02-28T23:59:30Z');
  secondsAfter(instant, 60);
  expect(instant.toISOString()).toBe('2026-02-28T23:59:30.000Z');
});
