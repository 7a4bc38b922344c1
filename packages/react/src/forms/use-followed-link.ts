/** Continues a sign-in whose mail linked to this page: `#token=` in the address. */
import { useEffect, useRef } from 'react';
import type { UseSignIn } from '../sign-in/use-sign-in.ts';
import { useLinkToken } from './use-link-token.ts';

export function useFollowedLink(signIn: UseSignIn): void {
  const token = useLinkToken(undefined) ?? null;
  const followed = useRef<string | null>(null);
  const followLink = signIn.step === 'credentials' ? signIn.followLink : null;
  useEffect(() => {
    // Each link once: "start again" must not lead back to it.
    if (token === null || followLink === null || followed.current === token) return;
    followed.current = token;
    void followLink(token);
  }, [token, followLink]);
}
