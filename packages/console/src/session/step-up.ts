/** Runs an action that may need a recent sign-in: without one, the gateway answers `REAUTHENTICATION_REQUIRED`. */

/** @returns a function that runs the action */
export function useStepUp(): <Result>(action: () => Promise<Result>) => Promise<Result> {
  return (action) => action();
}
