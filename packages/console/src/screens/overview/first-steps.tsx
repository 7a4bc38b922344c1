/** A new installation: three steps in place of a chart without bars. */
import { Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import Check from 'lucide-react/icons/check';
import Plug from 'lucide-react/icons/plug';
import ShieldPlus from 'lucide-react/icons/shield-plus';
import UserPlus from 'lucide-react/icons/user-plus';
import type { ReactNode } from 'react';
import { operation } from '../../data/operation.ts';
import { ProvidersDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { accountAddress } from '../../session/addresses.ts';
import { usePermissions, useViewer } from '../../session/viewer.ts';

export function FirstSteps() {
  const { overview } = useMessages();
  const hasFactor = useViewer().mfa.enabled;
  const permissions = usePermissions();
  const { data } = useQuery(operation('providers', ProvidersDocument, {}));
  const hasProvider = (data?.federatedProviders.length ?? 0) > 0;
  return (
    <section className="panel">
      <header>
        <div>
          <h2>{overview.steps}</h2>
          <p>{overview.stepsHint}</p>
        </div>
      </header>
      <ol className="rows">
        <Step icon={ShieldPlus} isDone={hasFactor} title={overview.stepFactor} hint={overview.stepFactorHint}>
          <a className="btn small" href={accountAddress('security')}>
            {overview.stepFactorAction}
          </a>
        </Step>
        <Step icon={UserPlus} isDone={false} title={overview.stepInvite} hint={overview.stepInviteHint}>
          {permissions.has('users:write') && (
            <Link className="btn small primary" to="/users" search={{ invite: true }}>
              {overview.stepInviteAction}
            </Link>
          )}
        </Step>
        <Step icon={Plug} isDone={hasProvider} title={overview.stepProvider} hint={overview.stepProviderHint}>
          {permissions.has('providers:write') && (
            <Link className="btn small" to="/providers">
              {overview.stepProviderAction}
            </Link>
          )}
        </Step>
      </ol>
    </section>
  );
}

interface StepProps {
  icon: typeof Plug;
  isDone: boolean;
  title: string;
  hint: string;
  children: ReactNode;
}

function Step({ icon, isDone, title, hint, children }: StepProps) {
  const { overview } = useMessages();
  return (
    <li>
      <span className={isDone ? 'glyph ok' : 'glyph'}>
        <Icon of={isDone ? Check : icon} size={18} />
      </span>
      <div>
        <p className="row-title">
          {title}
          {isDone && <span className="vh">{overview.stepDone}</span>}
        </p>
        <p className="row-sub">{hint}</p>
      </div>
      <div className="actions">{!isDone && children}</div>
    </li>
  );
}
