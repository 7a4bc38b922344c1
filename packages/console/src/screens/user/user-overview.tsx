/** The first tab of a user: sessions and account at a glance. */
import type { UserDetailFragment } from '../../generated/operations.ts';
import { AccountFacts } from './account-facts.tsx';
import { HelpPanel } from './help-panel.tsx';
import { SignInMethods } from './sign-in-methods.tsx';
import { UserSessions } from './user-sessions.tsx';

export function UserOverview({ user }: { user: UserDetailFragment }) {
  return (
    <div className="grid-2">
      <div>
        <UserSessions user={user} />
      </div>
      <div>
        <AccountFacts user={user} />
        <SignInMethods user={user} />
        <HelpPanel user={user} />
      </div>
    </div>
  );
}
