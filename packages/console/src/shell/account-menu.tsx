/** The signed-in administrator at the foot of the navigation, and the menu of their account. */
import { Icon } from '@postern/react/ui';
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down';
import Keyboard from 'lucide-react/icons/keyboard';
import LogOut from 'lucide-react/icons/log-out';
import UserRound from 'lucide-react/icons/user-round';
import { useMessages } from '../messages/messages.ts';
import { Menu } from '../parts/menu.tsx';
import { accountAddress } from '../session/addresses.ts';
import { signOut } from '../session/sign-out.ts';
import { nameOf, useViewer } from '../session/viewer.ts';
import { initialsOf } from './initials.ts';

export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { shell } = useMessages();
  const name = nameOf(useViewer());
  const entries = [
    {
      key: 'account',
      label: shell.account,
      icon: UserRound,
      onChoose: () => window.location.assign(accountAddress('profile')),
    },
    { key: 'shortcuts', label: shell.shortcuts, icon: Keyboard, onChoose: onHelp },
    { key: 'sign-out', label: shell.signOut, icon: LogOut, onChoose: () => void signOut() },
  ];
  return (
    <div className="side-foot">
      <span className="avatar" aria-hidden="true">
        {initialsOf(name)}
      </span>
      <div>
        <b className="line">
          <bdi>{name}</bdi>
        </b>
        <span className="subtle line">{window.location.host}</span>
      </div>
      <Menu className="copy" label={shell.accountMenu} entries={entries} align="end">
        <Icon of={ChevronsUpDown} />
      </Menu>
    </div>
  );
}
