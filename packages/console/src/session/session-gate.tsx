/** Shows the console to a signed-in user; other visitors continue at the sign-in page. */
import { useSession } from '@postern/react';
import { Fragment, type ReactNode, useEffect } from 'react';
import { queryClient } from '../data/query-client.ts';
import { ShellSkeleton } from '../shell/shell-skeleton.tsx';
import { EnrolmentNeeded, Failure } from '../states/failure.tsx';
import { client } from './client.ts';
import { goToSignIn } from './sign-in.ts';

export function SessionGate({ children }: { children: ReactNode }) {
  const { status, viewer, error, reload } = useSession();

  // Nothing of a user stays in the cache for the next one.
  useEffect(() => client.session.listen({ onSessionEnd: () => queryClient.clear() }), []);
  useEffect(() => {
    if (status === 'signedOut') goToSignIn();
  }, [status]);

  if (error !== null)
    return (
      <main className="gate-state">
        <Failure query={{ error, refetch: reload }} />
      </main>
    );
  if (viewer === null) return <ShellSkeleton />;
  if (viewer.mfa.required && !viewer.mfa.enabled)
    return (
      <main className="gate-state">
        <EnrolmentNeeded />
      </main>
    );
  return <Fragment key={viewer.id}>{children}</Fragment>;
}
