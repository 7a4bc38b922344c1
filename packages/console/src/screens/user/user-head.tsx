/** The head of a user: name, address, state and role. */
import { Link } from '@tanstack/react-router';
import ChevronRight from 'lucide-react/icons/chevron-right';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { UserState } from '../../parts/user-state.tsx';
import { nameOf } from '../../session/viewer.ts';
import { initialsOf } from '../../shell/initials.ts';
import { PageHead } from '../../shell/page-head.tsx';

export function UserHead({ user }: { user: UserDetailFragment }) {
  const { pages } = useMessages();
  const name = nameOf(user);
  return (
    <PageHead title={name}>
      {(heading) => (
        <>
          <p className="crumb">
            <Link className="plain" to="/users">
              {pages.users}
            </Link>
            <ChevronRight className="i i-14" aria-hidden="true" />
          </p>
          <div className="person">
            <span className="avatar xl" aria-hidden="true">
              {initialsOf(name)}
            </span>
            <div>
              {heading}
              <p className="actions num">
                {user.displayName !== null && <bdi className="muted">{user.email}</bdi>}
                <UserState user={user} />
                <span className="role">{user.role.name}</span>
              </p>
            </div>
          </div>
        </>
      )}
    </PageHead>
  );
}
