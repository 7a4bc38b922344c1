/** The address follows the step of a sign-in, so that "back" and a reload lead to a step that exists. */
import { type UseSignIn, useSignIn } from '@postern/react';
import { useEffect } from 'react';
import type { Path } from '../paths.ts';
import { currentPath, navigate } from './location.ts';

/** After `done`, the screen continues elsewhere. */
const pathOfStep: Readonly<Partial<Record<UseSignIn['step'], Path>>> = {
  secondStep: 'second-step',
  link: 'link',
  signUp: 'finish-sign-up',
  confirmMail: 'finish-sign-up',
};

/** @param first the path of the first step */
export function useStepPath(first: Path): UseSignIn['step'] {
  const { step } = useSignIn();
  useEffect(() => {
    const path = step === 'credentials' ? first : pathOfStep[step];
    if (path !== undefined && path !== currentPath()) navigate(path, { replace: true });
  }, [step, first]);
  return step;
}
