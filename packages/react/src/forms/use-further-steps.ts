/**
 * The steps after the first one. They load while an action of the first step runs, so that the next step appears at once:
 * most visitors of a sign-in page never see one, and `React.lazy` would show an empty page first.
 */
import { useEffect, useState } from 'react';
import type { UseSignIn } from '../sign-in/use-sign-in.ts';

type FurtherSteps = typeof import('./further-steps.ts');

let loaded: FurtherSteps | null = null;

/** @returns null until they are loaded */
export function useFurtherSteps({ step, pending }: UseSignIn): FurtherSteps | null {
  const [steps, setSteps] = useState(loaded);
  const [failure, setFailure] = useState<{ reason: unknown } | null>(null);
  const isShown = step !== 'credentials' && step !== 'done';
  const isWanted = (isShown || pending) && steps === null;
  useEffect(() => {
    if (!isWanted) return;
    const keep = (module: FurtherSteps) => {
      loaded = module;
      setSteps(module);
    };
    import('./further-steps.ts').then(keep, (reason: unknown) => setFailure({ reason }));
  }, [isWanted]);
  // For the error boundary of the app. Before a further step, nothing is lost.
  if (failure !== null && isShown) throw failure.reason;
  return steps;
}
