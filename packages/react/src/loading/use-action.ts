/** An action behind a button: whether it runs, and why it failed last. */
import { useState } from 'react';

export interface Action<Input extends unknown[]> {
  /** Does not reject: see `error`. Ignored while pending. */
  run: (...input: Input) => Promise<void>;
  pending: boolean;
  error: unknown;
}

export function useAction<Input extends unknown[]>(action: (...input: Input) => Promise<unknown>): Action<Input> {
  const [state, setState] = useState<{ pending: boolean; error: unknown }>({ pending: false, error: null });
  const run = async (...input: Input) => {
    if (state.pending) return;
    setState({ pending: true, error: null });
    await action(...input).then(
      () => setState({ pending: false, error: null }),
      (error: unknown) => setState({ pending: false, error }),
    );
  };
  return { run, ...state };
}
