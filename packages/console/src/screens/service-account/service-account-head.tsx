/** The head of a service account: name, state, role, and the changes of its state. */
import { Button, Icon } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';
import Bot from 'lucide-react/icons/bot';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useState } from 'react';
import { useMessages } from '../../messages/messages.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { UserState } from '../../parts/user-state.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import type { ChangeName, ServiceAccountPartProps } from './rules.ts';
import { StateDialog } from './state-dialog.tsx';

export function ServiceAccountHead({ account, rights }: ServiceAccountPartProps) {
  const { pages } = useMessages();
  const { name, status, role } = account;
  return (
    <PageHead title={name} actions={<HeadActions account={account} rights={rights} />}>
      {(heading) => (
        <>
          <p className="crumb">
            <Link className="plain" to="/service-accounts">
              {pages['service-accounts']}
            </Link>
            <Icon of={ChevronRight} size={14} />
          </p>
          <div className="person">
            <span className="avatar xl" aria-hidden="true">
              <Icon of={Bot} size={20} />
            </span>
            <div>
              {heading}
              <p className="actions">
                <UserState user={{ status, lockedUntil: null }} />
                <span className="role">{role.name}</span>
              </p>
            </div>
          </div>
        </>
      )}
    </PageHead>
  );
}

function HeadActions({ account, rights: { changes } }: ServiceAccountPartProps) {
  const texts = useServiceAccountTexts();
  const [open, setOpen] = useState<ChangeName | null>(null);
  if (changes.length === 0 && account.status !== 'DELETED') return <p className="subtle">{texts.outranked}</p>;
  return (
    <>
      {changes.map((change) => (
        <Button key={change} kind={change === 'reactivate' ? 'plain' : 'danger'} onClick={() => setOpen(change)}>
          {texts.changes[change].label}
        </Button>
      ))}
      {open && <StateDialog name={open} account={account} onClose={() => setOpen(null)} />}
    </>
  );
}
