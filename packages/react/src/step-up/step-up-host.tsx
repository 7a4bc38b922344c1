/** Shows the step-up dialog while actions wait for it. Its code is loaded with the first use. */
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { usePostern } from '../provider/postern-context.ts';

const StepUpDialog = lazy(async () => ({ default: (await import('../forms/step-up-dialog.tsx')).StepUpDialog }));

export function StepUpHost() {
  const { stepUp } = usePostern();
  const isOpen = useSyncExternalStore(stepUp.subscribe, stepUp.isOpen, () => false);
  if (!isOpen) return null;
  return (
    <Suspense fallback={null}>
      <StepUpDialog onDone={() => stepUp.settle(true)} onCancel={() => stepUp.settle(false)} />
    </Suspense>
  );
}
