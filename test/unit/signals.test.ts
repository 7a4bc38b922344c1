/**
 * The effects of signals: which one starts the shutdown, which is ignored and which ends the process (cli/signals.ts).
 */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { watchSignals } from '../../src/cli/signals.ts';

function watched() {
  const source = new EventEmitter();
  const ends: number[] = [];
  let time = 0;
  const signals = watchSignals(
    source,
    (code) => ends.push(code),
    () => time,
  );
  return { source, ends, signals, advance: (ms: number) => (time += ms) };
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('a command ends at its first %s, once, with %i', (signal, code) => {
  const { source, ends } = watched();
  source.emit(signal);
  source.emit('SIGTERM');
  expect(ends).toEqual([code]);
});

test.each([[['SIGTERM', 'SIGTERM', 'SIGTERM']], [['SIGINT', 'SIGINT', 'SIGTERM']], [['SIGTERM', 'SIGINT']]])(
  'a server drains through the burst %j',
  async (burst) => {
    const { source, ends, signals, advance } = watched();
    const requested = signals.shutdownRequested();
    for (const signal of burst) {
      source.emit(signal);
      advance(150);
    }
    await requested;
    expect(ends).toEqual([]);
  },
);

test('a draining server ignores any later SIGTERM, and ends at a SIGINT two seconds after the first signal', async () => {
  const { source, ends, signals, advance } = watched();
  const requested = signals.shutdownRequested();
  source.emit('SIGINT');
  await requested;
  advance(1_999);
  source.emit('SIGINT');
  expect(ends).toEqual([]);
  advance(1);
  source.emit('SIGTERM');
  expect(ends).toEqual([]);
  source.emit('SIGINT');
  source.emit('SIGINT');
  expect(ends).toEqual([130]);
});
