/** The first tab of a user: sessions and account at a glance. */
import type { UserDetailFragment } from '../../generated/operations.ts';
import { usePermissions } from '../../session/viewer.ts';
import { AccountFacts } from './account-facts.tsx';
import { HelpPanel } from './help-panel.tsx';
import { SignInMethods } from './sign-in-methods.tsx';
import { NewestEntries } from './user-entries.tsx';
import { UserSessions } from './user-sessions.tsx';

export function UserOverview({ user }: { user: UserDetailFragment }) {
  const maySeeEntries = usePermissions().has('audit:read');
  return (
    <div className="grid-2">
      <div>
        <UserSessions user={user} />
        {maySeeEntries && <NewestEntries user={user} />}
      </div>
      <div>
        <AccountFacts user={user} />
        <SignInMethods user={user} />
        <HelpPanel user={user} />
      </div>
    </div>
  );
}
