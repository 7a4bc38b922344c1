/** Offers passkeys in the suggestions of the address field while the sign-in waits for the user. */
import { useEffect } from 'react';
import type { UseSignIn } from '../sign-in/use-sign-in.ts';

export function useSuggestedPasskey(signIn: UseSignIn, rememberMe: boolean): void {
  const suggest = signIn.step === 'credentials' && !signIn.pending ? signIn.suggestPasskey : null;
  useEffect(() => {
    if (suggest === null) return undefined;
    const stop = new AbortController();
    void canSuggest().then((isAble) => {
      if (isAble && !stop.signal.aborted) return suggest({ rememberMe, signal: stop.signal });
      return undefined;
    });
    return () => stop.abort();
  }, [suggest, rememberMe]);
}

async function canSuggest(): Promise<boolean> {
  if (!('PublicKeyCredential' in globalThis)) return false;
  return (await PublicKeyCredential.isConditionalMediationAvailable?.()) ?? false;
}
