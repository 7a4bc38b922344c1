/** The entries of the account menu in the sheet of narrow screens: a menu inside a modal would be inert. */
import { Icon } from '@postern/react/ui';
import Keyboard from 'lucide-react/icons/keyboard';
import LogOut from 'lucide-react/icons/log-out';
import UserRound from 'lucide-react/icons/user-round';
import { useMessages } from '../messages/messages.ts';
import { accountAddress } from '../session/addresses.ts';
import { signOut } from '../session/sign-out.ts';
import { nameOf, useViewer } from '../session/viewer.ts';

export function AccountLinks({ onHelp }: { onHelp: () => void }) {
  const { shell } = useMessages();
  return (
    <div className="side-links">
      <p className="subtle">
        <bdi>{nameOf(useViewer())}</bdi>
      </p>
      <a className="item" href={accountAddress('profile')}>
        <Icon of={UserRound} />
        {shell.account}
      </a>
      <button className="item" type="button" onClick={onHelp}>
        <Icon of={Keyboard} />
        {shell.shortcuts}
      </button>
      <button className="item" type="button" onClick={() => void signOut()}>
        <Icon of={LogOut} />
        {shell.signOut}
      </button>
    </div>
  );
}
