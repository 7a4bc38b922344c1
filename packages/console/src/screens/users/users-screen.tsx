/** The list of users: search, filters, order and pages, all in the address. */
import { Button } from '@postern/react/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { UserCountDocument, UsersDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { Pager } from '../../parts/pager.tsx';
import { usePermissions } from '../../session/viewer.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { filterOf, type UsersSearch, variablesOf } from './search.ts';
import { UsersEmpty } from './users-empty.tsx';
import { UsersTable } from './users-table.tsx';
import { UsersToolbar } from './users-toolbar.tsx';

const route = getRouteApi('/users');

export function UsersScreen() {
  const { pages } = useMessages();
  return (
    <Permitted page="users">
      <PageHead title={pages.users} actions={<Invite />} />
      <UsersList />
    </Permitted>
  );
}

function Invite() {
  const { users } = useMessages();
  const { invite } = route.useSearch();
  const navigate = route.useNavigate();
  if (!usePermissions().has('users:write')) return null;
  const show = (isOpen: boolean) =>
    void navigate({ search: (search) => ({ ...search, invite: isOpen || undefined }), replace: !isOpen });
  return (
    <>
      <Button kind="primary" icon={Plus} onClick={() => show(true)}>
        {users.invite}
      </Button>
      {invite && <InviteDialog onClose={() => show(false)} />}
    </>
  );
}

function UsersList() {
  const { count } = useMessages();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // Periods count from here, so that the pages of one list belong together.
  const [now] = useState(() => Date.now());
  const list = useQuery({
    ...operation('users', UsersDocument, variablesOf(search, now)),
    placeholderData: keepPreviousData,
  });
  const total = useQuery(operation('users', UserCountDocument, { where: filterOf(search, now) }));

  /** A new filter or order begins at the first page. */
  const change = (part: UsersSearch) =>
    void navigate({ search: ({ after, before, ...kept }) => ({ ...kept, ...part }), replace: 'q' in part });
  const turn = (page: Pick<UsersSearch, 'after' | 'before'>) =>
    void navigate({ search: ({ after, before, ...kept }) => ({ ...kept, ...page }) });

  const users = list.data?.users;
  return (
    <>
      <UsersToolbar search={search} onChange={change} />
      {list.error && !users ? (
        <div className="table-wrap">
          <Failure query={list} />
        </div>
      ) : users?.nodes.length === 0 ? (
        <UsersEmpty search={search} onClear={() => void navigate({ search: {} })} />
      ) : (
        <div className="table-wrap" aria-busy={list.isFetching}>
          <UsersTable users={users?.nodes ?? null} search={search} isOld={list.isPlaceholderData} onSort={change} />
          <Pager
            total={total.data ? count.users(total.data.users.totalCount) : null}
            onPrevious={
              users?.pageInfo.hasPreviousPage ? () => turn({ before: users.pageInfo.startCursor ?? '' }) : null
            }
            onNext={users?.pageInfo.hasNextPage ? () => turn({ after: users.pageInfo.endCursor ?? '' }) : null}
          />
        </div>
      )}
    </>
  );
}
