/** Repeats an action after the user has confirmed that the session is theirs. */
import { usePostern } from '../provider/postern-context.ts';

export interface StepUp {
  /**
   * Runs the action. On `REAUTHENTICATION_REQUIRED` it opens the dialog, reauthenticates, and runs the action once more.
   * @throws the error of the action: also `REAUTHENTICATION_REQUIRED`, when the user closes the dialog
   */
  run: <Result>(action: () => Promise<Result>) => Promise<Result>;
}

/** @example await stepUp.run(() => client.revokeOtherSessions()) */
export function useStepUp(): StepUp {
  return usePostern().stepUp;
}
