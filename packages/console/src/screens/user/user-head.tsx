/** The head of a user: name, address, state and role. */
import { Button, CopyButton, Icon } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';
import ChevronRight from 'lucide-react/icons/chevron-right';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { UserState } from '../../parts/user-state.tsx';
import { nameOf, useViewer } from '../../session/viewer.ts';
import { initialsOf } from '../../shell/initials.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { ActionMenu } from '../../user-actions/action-menu.tsx';
import { type ActionName, actionsFor } from '../../user-actions/rules.ts';
import { useUserAction } from '../../user-actions/use-user-action.tsx';

export function UserHead({ user }: { user: UserDetailFragment }) {
  const { pages, user: texts } = useMessages();
  const name = nameOf(user);
  return (
    <PageHead title={name} actions={<HeadActions user={user} />}>
      {(heading) => (
        <>
          <p className="crumb">
            <Link className="plain" to="/users">
              {pages.users}
            </Link>
            <Icon of={ChevronRight} size={14} />
          </p>
          <div className="person">
            <span className="avatar xl" aria-hidden="true">
              {initialsOf(name)}
            </span>
            <div>
              {heading}
              <p className="actions num">
                <span className="with-copy">
                  <bdi className="muted">{user.email}</bdi>
                  <CopyButton text={user.email} name={texts.address} />
                </span>
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

/** The actions with a button of their own; the menu has the others. */
const own: readonly ActionName[] = ['changeRole', 'suspend', 'reactivate', 'restore'];

function HeadActions({ user }: { user: UserDetailFragment }) {
  const { actions: texts } = useMessages();
  const { actions, isOutranked } = actionsFor(user, useViewer());
  const { open, dialog } = useUserAction(user.id);
  const isInvited = user.status === 'INVITED';
  if (isOutranked) return <p className="subtle">{texts.outranked}</p>;
  return (
    <>
      {own
        .filter((name) => actions.includes(name))
        .map((name) => (
          <Button key={name} kind={name === 'suspend' ? 'danger' : 'plain'} onClick={() => open(name)}>
            {texts[name].label(isInvited)}
          </Button>
        ))}
      <ActionMenu
        label={texts.menu(nameOf(user))}
        actions={actions.filter((name) => !own.includes(name))}
        isInvited={isInvited}
        onChoose={open}
      />
      {dialog}
    </>
  );
}
