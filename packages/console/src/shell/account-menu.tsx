/** The signed-in administrator at the foot of the navigation, and the menu of their account. */

import { Menu } from '@base-ui/react/menu';
import { Icon } from '@postern/react/ui';
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down';
import Keyboard from 'lucide-react/icons/keyboard';
import LogOut from 'lucide-react/icons/log-out';
import UserRound from 'lucide-react/icons/user-round';
import { useMessages } from '../messages/messages.ts';
import { accountAddress } from '../session/addresses.ts';
import { signOut } from '../session/sign-out.ts';
import { nameOf, useViewer } from '../session/viewer.ts';
import { initialsOf } from './initials.ts';

export function AccountMenu({ onHelp }: { onHelp: () => void }) {
  const { shell } = useMessages();
  const name = nameOf(useViewer());
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
      <Menu.Root>
        <Menu.Trigger className="copy" aria-label={shell.accountMenu}>
          <Icon of={ChevronsUpDown} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className="over" side="top" align="end" sideOffset={6}>
            <Menu.Popup className="menu">
              <Menu.Item className="item" render={<a href={accountAddress('profile')} />}>
                <Icon of={UserRound} />
                {shell.account}
              </Menu.Item>
              <Menu.Item className="item" onClick={onHelp}>
                <Icon of={Keyboard} />
                {shell.shortcuts}
              </Menu.Item>
              <Menu.Item className="item" onClick={() => void signOut()}>
                <Icon of={LogOut} />
                {shell.signOut}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}
