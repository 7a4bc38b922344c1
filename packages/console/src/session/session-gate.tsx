/** Shows the console to a signed-in user; sends everyone else to the sign-in page. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { ShellSkeleton } from '../shell/shell-skeleton.tsx';
import { EnrolmentNeeded, Failure } from '../states/failure.tsx';
import { goToSignIn } from './sign-in.ts';
import { ViewerContext, viewerQuery } from './viewer.ts';

export function SessionGate({ children }: { children: ReactNode }) {
  const { data: viewer, error, refetch } = useQuery(viewerQuery);

  useEffect(() => {
    if (viewer === null) goToSignIn();
  }, [viewer]);

  // The browser may restore the page from memory after a sign-out.
  useEffect(() => {
    const check = ({ persisted }: PageTransitionEvent) => {
      if (persisted) void refetch();
    };
    window.addEventListener('pageshow', check);
    return () => window.removeEventListener('pageshow', check);
  }, [refetch]);

  if (viewer === undefined && error)
    return (
      <main className="gate-state">
        <Failure error={error} onRetry={() => void refetch()} />
      </main>
    );
  if (!viewer) return <ShellSkeleton />;
  if (viewer.mfa.required && !viewer.mfa.enabled)
    return (
      <main className="gate-state">
        <EnrolmentNeeded />
      </main>
    );
  return <ViewerContext value={viewer}>{children}</ViewerContext>;
}
