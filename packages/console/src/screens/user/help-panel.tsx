/** What helps a user that cannot sign in. */
import { Button, Icon } from '@postern/react/ui';
import LockOpen from 'lucide-react/icons/lock-open';
import Mail from 'lucide-react/icons/mail';
import RotateCcw from 'lucide-react/icons/rotate-ccw';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useViewer } from '../../session/viewer.ts';
import { actionsFor } from '../../user-actions/rules.ts';
import { useUserAction } from '../../user-actions/use-user-action.tsx';

const helpful = [
  ['unlock', LockOpen],
  ['sendLink', Mail],
  ['resetFactors', RotateCcw],
] as const;

export function HelpPanel({ user }: { user: UserDetailFragment }) {
  const { user: texts, actions: actionTexts } = useMessages();
  const { actions } = actionsFor(user, useViewer());
  const { open, dialog } = useUserAction(user.id);
  const offered = helpful.filter(([name]) => actions.includes(name));
  if (offered.length === 0) return null;
  return (
    <section className="panel">
      <header>
        <h2>{texts.help}</h2>
      </header>
      <ul className="rows">
        {offered.map(([name, icon]) => (
          <li key={name}>
            <span className="glyph">
              <Icon of={icon} size={18} />
            </span>
            <div>
              <p className="row-title">{actionTexts[name].label(user.status === 'INVITED')}</p>
            </div>
            <div className="actions">
              <Button size="small" kind={name === 'resetFactors' ? 'danger' : 'plain'} onClick={() => open(name)}>
                {texts.helpAction[name]}
                <span className="vh">: {actionTexts[name].label(user.status === 'INVITED')}</span>
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {dialog}
    </section>
  );
}
