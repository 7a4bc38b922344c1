/** The navigation at the left. Phones show the same links in a sheet (top-bar.tsx). */
import { Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import Search from 'lucide-react/icons/search';
import { operation } from '../data/operation.ts';
import { WebhooksDocument } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';
import { type NavigationPage, pagesFor } from '../navigation.ts';
import { isBroken } from '../screens/webhooks/broken.ts';
import { usePermissions, useViewer } from '../session/viewer.ts';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';

export interface FrameActions {
  onFind: () => void;
  onHelp: () => void;
}

export function Sidebar({ onFind, onHelp }: FrameActions) {
  const { shell } = useMessages();
  const canFindUsers = usePermissions().has('users:read');
  return (
    <aside className="side" aria-label={shell.console}>
      <div className="side-brand">
        <Brand />
      </div>
      <button className="find" type="button" onClick={onFind} aria-keyshortcuts="Control+K Meta+K">
        <Icon of={Search} size={14} />
        <span>{canFindUsers ? shell.findUserOrPage : shell.findPage}</span>
        <kbd className="kbd">Ctrl K</kbd>
      </button>
      <PageLinks />
      <AccountMenu onHelp={onHelp} />
    </aside>
  );
}

export function PageLinks({ onChoose }: { onChoose?: () => void }) {
  const { shell, groups } = useMessages();
  const pages = pagesFor(useViewer().permissions);
  const named = [...new Set(pages.flatMap(({ group }) => group ?? []))];
  const linksOf = (wanted: NavigationPage['group']) =>
    pages
      .filter(({ group }) => group === wanted)
      .map((page) => <PageLink key={page.name} page={page} onChoose={onChoose} />);
  return (
    <nav aria-label={shell.pages}>
      {linksOf(null)}
      {named.map((group) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{groups[group]}</h2>
          {linksOf(group)}
        </section>
      ))}
    </nav>
  );
}

function PageLink({ page: { name, icon }, onChoose }: { page: NavigationPage; onChoose: (() => void) | undefined }) {
  const { pages } = useMessages();
  return (
    <Link to={`/${name}`} onClick={onChoose}>
      <Icon of={icon} />
      {pages[name]}
      {name === 'webhooks' && <BrokenWebhooks />}
    </Link>
  );
}

function BrokenWebhooks() {
  const { shell } = useMessages();
  const { data } = useQuery({ ...operation('webhooks', WebhooksDocument, {}), staleTime: 60_000 });
  const count = data?.webhooks.filter(isBroken).length ?? 0;
  if (count === 0) return null;
  return (
    <span className="count warn">
      {count}
      <span className="vh">{shell.brokenWebhooks}</span>
    </span>
  );
}
