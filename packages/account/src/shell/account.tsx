/** The frame of the pages of a signed-in user. */
import type { Viewer } from '@postern/react';
import { Icon } from '@postern/react/ui';
import type { LucideIcon } from 'lucide-react';
import Code from 'lucide-react/icons/code';
import HardDrive from 'lucide-react/icons/hard-drive';
import History from 'lucide-react/icons/history';
import LinkIcon from 'lucide-react/icons/link';
import Monitor from 'lucide-react/icons/monitor';
import ShieldCheck from 'lucide-react/icons/shield-check';
import UserRound from 'lucide-react/icons/user-round';
import type { ReactNode } from 'react';
import { useTexts } from '../messages/languages.ts';
import { Link } from '../navigation/link.tsx';
import { usePath } from '../navigation/location.ts';
import { type AccountPath, accountPaths } from '../paths.ts';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';

const icons: Readonly<Record<AccountPath, LucideIcon>> = {
  profile: UserRound,
  security: ShieldCheck,
  sessions: Monitor,
  identities: LinkIcon,
  keys: Code,
  activity: History,
  data: HardDrive,
};

export default function Account({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const texts = useTexts();
  const path = usePath();
  const pages = accountPaths.filter((page) => page !== 'keys' || viewer.permissions.includes('keys:own'));
  return (
    <div className="acct">
      <header className="acct-top">
        <Brand to="profile" />
        <AccountMenu viewer={viewer} />
      </header>
      <div className="acct-body">
        <nav className="acct-nav" aria-label={texts.navigation}>
          {pages.map((page) => (
            <Link key={page} to={page} aria-current={page === path ? 'page' : undefined}>
              <Icon of={icons[page]} />
              {texts.titles[page]}
            </Link>
          ))}
        </nav>
        <main id="main">{children}</main>
      </div>
    </div>
  );
}
