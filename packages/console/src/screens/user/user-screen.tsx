/** One user: the head with the state, the tabs, and what the chosen tab shows. */
import { EmptyState } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import UserX from 'lucide-react/icons/user-x';
import { lazy, Suspense } from 'react';
import { operation } from '../../data/operation.ts';
import { UserDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { SignInMethods } from './sign-in-methods.tsx';
import { UserEntries } from './user-entries.tsx';
import { UserHead } from './user-head.tsx';
import { UserKeys } from './user-keys.tsx';
import { UserOverview } from './user-overview.tsx';
import { UserSessions } from './user-sessions.tsx';
import { UserTabs } from './user-tabs.tsx';

const route = getRouteApi('/users/$id');
const AccessCheck = lazy(async () => ({ default: (await import('../access/access-check.tsx')).AccessCheck }));

export function UserScreen() {
  return (
    <Permitted page="users">
      <UserPage />
    </Permitted>
  );
}

function UserPage() {
  const { failure, pages } = useMessages();
  const { id } = route.useParams();
  const { tab } = route.useSearch();
  const query = useQuery(operation('user', UserDocument, { id }));
  const { data, error } = query;
  if (!data)
    return (
      <>
        <PageHead title={pages.users} />
        {error ? <Failure query={query} /> : <UserSkeleton />}
      </>
    );
  const { user } = data;
  if (!user)
    return (
      <>
        <PageHead title={pages.users} />
        <EmptyState icon={UserX} title={failure.missing}>
          {failure.missingHint}
        </EmptyState>
      </>
    );
  return (
    <>
      <UserHead user={user} />
      <UserTabs user={user} />
      {tab === undefined && <UserOverview user={user} />}
      {tab === 'sessions' && <UserSessions user={user} />}
      {tab === 'methods' && <SignInMethods user={user} />}
      {tab === 'keys' && <UserKeys user={user} />}
      {tab === 'audit' && <UserEntries user={user} />}
      {tab === 'access' && (
        <Suspense>
          <AccessCheck user={user} />
        </Suspense>
      )}
    </>
  );
}

/** The measures of the page, so that nothing moves when it arrives. */
function UserSkeleton() {
  return (
    <div aria-hidden="true" aria-busy="true">
      <div className="tabs skeleton-tabs" />
      <div className="grid-2">
        <div>
          <div className="panel skeleton-panel" />
        </div>
        <div>
          <div className="panel skeleton-panel" />
        </div>
      </div>
    </div>
  );
}
