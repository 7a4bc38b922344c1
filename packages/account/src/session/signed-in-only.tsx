/** Shows a page to a signed-in user in the frame of the account; all others continue at the sign-in page and return here. */
import { useSession } from '@postern/react';
import { Skeleton } from '@postern/react/ui';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { navigate } from '../navigation/location.ts';
import { returnToHere } from '../navigation/return-to.ts';
import { Gate } from '../shell/gate.tsx';
import { Unreachable } from '../shell/unreachable.tsx';

const Account = lazy(() => import('../shell/account.tsx'));

export function SignedInOnly({ children }: { children: ReactNode }) {
  const { status, viewer, reason, error, reload } = useSession();

  useEffect(() => {
    if (status !== 'signedOut') return;
    // After a sign-out the next user begins at the first page.
    if (reason !== 'SIGNED_OUT') returnToHere();
    navigate('sign-in', { replace: true });
  }, [status, reason]);

  if (status === 'signedIn')
    return (
      <Suspense fallback={null}>
        <Account viewer={viewer}>{children}</Account>
      </Suspense>
    );
  return <Gate>{error ? <Unreachable onRetry={() => void reload()} /> : <Skeleton />}</Gate>;
}
