/** The lag of a standby in time, from positions of the log. */
import { expect, test } from 'vitest';
import { ReplicaLag } from '../../src/domain/replica-lag.ts';

test('a standby that has reached the position of the primary has no lag, whatever the time since', () => {
  const lag = new ReplicaLag();
  expect(lag.add(100, 100, 0)).toBe(0);
  expect(lag.add(100, 100, 60_000)).toBe(0);
});

test('the lag is the age of the oldest position that the standby has not reached', () => {
  const lag = new ReplicaLag();
  expect([lag.add(100, 90, 0), lag.add(200, 90, 1000), lag.add(300, 150, 2000), lag.add(300, 300, 3000)]).toEqual([
    0, 1, 1, 0,
  ]);
});

test('a lag of more than the stored positions is not shortened', () => {
  const lag = new ReplicaLag();
  let seconds = 0;
  for (let round = 0; round <= 300; round += 1) seconds = lag.add(round, -1, round * 1000);
  expect(seconds).toBe(300);
});

test('positions of a former primary are forgotten', () => {
  const lag = new ReplicaLag();
  lag.add(500, 100, 0);
  expect(lag.add(200, 200, 60_000)).toBe(0);
});

test('a standby is caught up once it has reached the last position, not at the first sample of its lag', () => {
  const lag = new ReplicaLag();
  lag.add(100, 90, 0);
  expect(lag.isCaughtUp).toBe(false);
  lag.add(100, 100, 1000);
  expect(lag.isCaughtUp).toBe(true);
});
