/** The frame of every page: navigation, finder, shortcuts, and the page itself. */
import { Outlet } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useMessages } from '../messages/messages.ts';
import { Finder } from './finder.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { useShortcuts } from './shortcuts.ts';
import { Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';

export function Shell() {
  const { shell } = useMessages();
  const [open, setOpen] = useState<'finder' | 'help' | null>(null);
  const close = () => setOpen(null);
  useShortcuts(
    useMemo(
      () => ({
        'mod+k': () => setOpen('finder'),
        '/': () => {
          const field = document.querySelector<HTMLElement>('input[type="search"][data-page-search]');
          if (field) field.focus();
          else setOpen('finder');
        },
        '?': () => setOpen('help'),
      }),
      [],
    ),
  );
  const frame = { onFind: () => setOpen('finder'), onHelp: () => setOpen('help') };
  return (
    <>
      <a className="skip" href="#main">
        {shell.skip}
      </a>
      <div className="console">
        <Sidebar {...frame} />
        <div>
          <TopBar {...frame} />
          <main className="main" id="main" tabIndex={-1}>
            <Outlet />
          </main>
        </div>
      </div>
      {open === 'finder' && <Finder onClose={close} />}
      {open === 'help' && <ShortcutHelp onClose={close} />}
    </>
  );
}
