/** The bar of narrow screens: brand, finder, and the navigation in a sheet from the left. */
import { Icon } from '@postern/react/ui';
import MenuIcon from 'lucide-react/icons/menu';
import Search from 'lucide-react/icons/search';
import X from 'lucide-react/icons/x';
import { useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';
import { Modal } from './modal.tsx';
import { type FrameActions, PageLinks } from './sidebar.tsx';

export function TopBar({ onFind, onHelp }: FrameActions) {
  const { shell } = useMessages();
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <header className="top-m">
      <Brand />
      <div className="actions">
        <button className="btn ghost icon" type="button" aria-label={shell.find} onClick={onFind}>
          <Icon of={Search} size={20} />
        </button>
        <button
          className="btn ghost icon"
          type="button"
          aria-label={shell.menu}
          aria-expanded={isOpen}
          onClick={() => setOpen(true)}
        >
          <Icon of={MenuIcon} size={20} />
        </button>
      </div>
      {isOpen && (
        <Modal className="sheet" label={shell.menu} onClose={close}>
          <div className="side">
            <div className="side-brand">
              <Brand />
              <button className="btn ghost icon" type="button" aria-label={shell.close} onClick={close}>
                <Icon of={X} size={20} />
              </button>
            </div>
            <PageLinks onChoose={close} />
            <AccountMenu
              onHelp={() => {
                close();
                onHelp();
              }}
            />
          </div>
        </Modal>
      )}
    </header>
  );
}
