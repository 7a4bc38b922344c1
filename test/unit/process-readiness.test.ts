/** When the process itself is degraded or cannot serve. */
import { expect, test } from 'vitest';
import { checkProcess, type ProcessState } from '../../src/domain/operations/process-readiness.ts';

const mb = 1024 ** 2;
const idle: ProcessState = {
  residentBytes: 180 * mb,
  limitBytes: 512 * mb,
  eventLoopP99Ms: 4,
  hashes: { running: 0, waiting: 0 },
};

function linesOf(state: Partial<ProcessState>): string[] {
  return checkProcess({ ...idle, ...state }).map((check) => `${check.name}: ${check.state} (${check.detail})`);
}

test('an idle process is ok', () => {
  expect(linesOf({})).toEqual([
    'memory: ok (resident 180 of 512 MB)',
    'event-loop: ok (p99 4 ms)',
    'hashes: ok (0 running, 0 waiting)',
  ]);
});

test('memory fails above 95 % of the limit only', () => {
  expect(linesOf({ residentBytes: 95 * mb, limitBytes: 100 * mb })[0]).toBe('memory: ok (resident 95 of 100 MB)');
  expect(linesOf({ residentBytes: 96 * mb, limitBytes: 100 * mb })[0]).toBe('memory: failed (resident 96 of 100 MB)');
  expect(linesOf({ limitBytes: null })[0]).toBe('memory: ok (resident 180 MB, no limit)');
});

test('the event loop is degraded above 200 ms', () => {
  expect(linesOf({ eventLoopP99Ms: 200 })[1]).toBe('event-loop: ok (p99 200 ms)');
  expect(linesOf({ eventLoopP99Ms: 201 })[1]).toBe('event-loop: degraded (p99 201 ms)');
});

test('the hash queue is degraded when more than half of its places are taken', () => {
  expect(linesOf({ hashes: { running: 2, waiting: 50 } })[2]).toBe('hashes: ok (2 running, 50 waiting)');
  expect(linesOf({ hashes: { running: 2, waiting: 51 } })[2]).toBe('hashes: degraded (2 running, 51 waiting)');
});
