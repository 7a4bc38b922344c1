/** The menu of the user: administration, the language, the end of the session. A popover of the browser closes by itself. */
import { useSignOut, type Viewer } from '@postern/react';
import { useId } from 'react';
import { gateway } from '../../../pages/gateway.ts';
import { useTexts } from '../messages/languages.ts';
import { LanguageSwitch } from './language-switch.tsx';

/** A role without administration opens no page of the console. */
const administration = [
  'users:read',
  'audit:read',
  'roles:read',
  'service-accounts:write',
  'webhooks:write',
  'providers:write',
  'settings:read',
];

export function AccountMenu({ viewer }: { viewer: Viewer }) {
  const id = useId();
  const texts = useTexts();
  const { signOut } = useSignOut();
  const name = viewer.displayName ?? viewer.email;
  const administers = viewer.permissions.some((permission) => administration.includes(permission));
  return (
    <div className="who">
      <span className="muted">{viewer.email}</span>
      <button
        className="btn ghost icon"
        type="button"
        popoverTarget={id}
        aria-label={texts.menu(initialsOf(name), name)}
      >
        <span className="avatar" aria-hidden="true">
          {initialsOf(name)}
        </span>
      </button>
      <div className="account-menu" id={id} popover="auto">
        <p>
          <bdi className="strong">{name}</bdi>
          <br />
          <span className="subtle">{viewer.email}</span>
        </p>
        {administers && gateway.served.includes('console') && <a href={`${gateway.base}/console/`}>{texts.console}</a>}
        <LanguageSwitch />
        <button type="button" onClick={() => void signOut().catch(() => undefined)}>
          {texts.signOut}
        </button>
      </div>
    </div>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('');
}
