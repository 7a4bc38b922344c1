/**
 * SIGTERM and SIGINT. A command ends at the first signal. A server drains instead: it ignores further signals, which
 * npm, init processes and terminals send in bursts, except an operator's SIGINT two seconds later, which ends it at once.
 */

export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown;
}

export interface Signals {
  /** Resolves at the first signal, which does not end the process once this was called. */
  shutdownRequested(): Promise<void>;
}

const insistMs = 2_000;
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * @param endAtOnce ends the process with the exit code; called once
 * @param now milliseconds of a monotonic clock
 */
export function watchSignals(
  source: SignalSource,
  endAtOnce: (exitCode: number) => void,
  now: () => number = () => performance.now(),
): Signals {
  let drain: (() => void) | null = null;
  let firstAt: number | null = null;
  let isEnding = false;

  function receive(signal: keyof typeof exitCodes): void {
    if (isEnding) return;
    if (drain && firstAt === null) {
      firstAt = now();
      drain();
    } else if (!drain || (signal === 'SIGINT' && now() - (firstAt ?? 0) >= insistMs)) {
      isEnding = true;
      endAtOnce(exitCodes[signal]);
    }
  }

  source.on('SIGTERM', () => receive('SIGTERM'));
  source.on('SIGINT', () => receive('SIGINT'));
  return {
    shutdownRequested: () =>
      new Promise((resolve) => {
        drain = resolve;
      }),
  };
}
