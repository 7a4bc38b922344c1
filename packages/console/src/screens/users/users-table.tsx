/** The table of users. Below 640 px its rows become stacked. */
import { Icon } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';
import ArrowDown from 'lucide-react/icons/arrow-down';
import ArrowUp from 'lucide-react/icons/arrow-up';
import type { UserRowFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { Factor } from '../../parts/factor.tsx';
import { ShortTime } from '../../parts/short-time.tsx';
import { UserState } from '../../parts/user-state.tsx';
import { nameOf, useViewer } from '../../session/viewer.ts';
import { initialsOf } from '../../shell/initials.ts';
import { ActionMenu } from '../../user-actions/action-menu.tsx';
import { actionsFor } from '../../user-actions/rules.ts';
import { useUserAction } from '../../user-actions/use-user-action.tsx';
import type { UsersSearch } from './search.ts';

export interface UsersTableProps {
  /** Null: being loaded. */
  users: readonly UserRowFragment[] | null;
  search: UsersSearch;
  /** The rows are those of the previous search. */
  isOld: boolean;
  onSort: (part: UsersSearch) => void;
}

export function UsersTable({ users: rows, search, isOld, onSort }: UsersTableProps) {
  const { users, pages } = useMessages();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users scroll the table sideways
    <section className="table-scroll" tabIndex={0} aria-label={pages.users}>
      <table className={isOld ? 'stackable old' : 'stackable'}>
        <thead>
          <tr>
            <th scope="col">{users.user}</th>
            <th scope="col">{users.role}</th>
            <th scope="col">{users.status}</th>
            <th scope="col">{users.factor}</th>
            <SortHead sort="signed-in" search={search} onSort={onSort}>
              {users.lastSignIn}
            </SortHead>
            <SortHead sort="created" search={search} onSort={onSort} className="hide-l">
              {users.created}
            </SortHead>
            <th scope="col">
              <span className="vh">{users.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>{rows ? rows.map((user) => <UserRow key={user.id} user={user} />) : <SkeletonRows />}</tbody>
      </table>
    </section>
  );
}

interface SortHeadProps extends Pick<UsersTableProps, 'search' | 'onSort'> {
  sort: NonNullable<UsersSearch['sort']>;
  className?: string;
  children: string;
}

function SortHead({
  sort,
  search: { sort: sorted = 'signed-in', direction = 'desc' },
  onSort,
  className,
  children,
}: SortHeadProps) {
  const isSorted = sort === sorted;
  const isDescending = direction === 'desc';
  const Arrow = isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={className}
      aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" onClick={() => onSort({ sort, direction: isSorted && isDescending ? 'asc' : 'desc' })}>
        {children}
        {isSorted && <Icon of={Arrow} size={14} />}
      </button>
    </th>
  );
}

function UserRow({ user }: { user: UserRowFragment }) {
  const { users } = useMessages();
  const name = nameOf(user);
  const lastSignIn = user.lastLoginAt === null ? users.never : <ShortTime at={user.lastLoginAt} />;
  return (
    <tr>
      <td>
        <div className="person">
          <span className="avatar" aria-hidden="true">
            {initialsOf(name)}
          </span>
          <span>
            <b>
              <Link to="/users/$id" params={{ id: user.id }}>
                <bdi>{name}</bdi>
              </Link>
            </b>
            {user.displayName !== null && (
              <span>
                <bdi>{user.email}</bdi>
              </span>
            )}
          </span>
        </div>
      </td>
      <td className="gone">
        <span className="role">{user.role.name}</span>
      </td>
      <td className="full">
        <UserState user={user} />
        <span className="role only-s">{user.role.name}</span>
        <span className="subtle only-s">{lastSignIn}</span>
      </td>
      <td className="gone">
        <Factor methods={user.mfa.methods} />
      </td>
      <td className="num nowrap gone">{lastSignIn}</td>
      <td className="num muted nowrap hide-l gone">
        <ShortTime at={user.createdAt} form="date" />
      </td>
      <td className="right act">
        <RowActions user={user} />
      </td>
    </tr>
  );
}

function RowActions({ user }: { user: UserRowFragment }) {
  const { actions: texts } = useMessages();
  const { open, dialog } = useUserAction(user.id);
  const { actions } = actionsFor(user, useViewer());
  return (
    <>
      <ActionMenu
        label={texts.menu(nameOf(user))}
        actions={actions}
        isInvited={user.status === 'INVITED'}
        onChoose={open}
        isSmall
      />
      {dialog}
    </>
  );
}

const skeletonRows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function SkeletonRows() {
  return skeletonRows.map((key) => (
    <tr key={key}>
      <td colSpan={7}>
        <span className="skeleton line-w" />
      </td>
    </tr>
  ));
}
