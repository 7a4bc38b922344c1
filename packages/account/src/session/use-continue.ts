/** Leaves a page of the sign-in once the user is signed in. */
import { useSession } from '@postern/react';
import { useEffect } from 'react';
import { hrefOf, navigate } from '../navigation/location.ts';
import { takeReturn } from '../navigation/return-to.ts';
import { paths } from '../paths.ts';

/** Several handlers may report one sign-in, and the address to return to is taken once. */
let isLeaving = false;

export function continueSignedIn(): void {
  if (isLeaving) return;
  const target = takeReturn() ?? hrefOf('security');
  const own = paths.find((path) => hrefOf(path) === target);
  if (own !== undefined) {
    navigate(own, { replace: true });
  } else {
    isLeaving = true;
    window.location.replace(target);
  }
}

export function useContinue(): void {
  const { status } = useSession();
  useEffect(() => {
    if (status === 'signedIn') continueSignedIn();
  }, [status]);
}
