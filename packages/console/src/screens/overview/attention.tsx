/** What an administrator should look at now. */
import { Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { Link, type LinkProps } from '@tanstack/react-router';
import CircleCheck from 'lucide-react/icons/circle-check';
import CopyX from 'lucide-react/icons/copy-x';
import MailX from 'lucide-react/icons/mail-x';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import ShieldCheck from 'lucide-react/icons/shield-check';
import Stamp from 'lucide-react/icons/stamp';
import WebhookIcon from 'lucide-react/icons/webhook';
import type { ReactNode } from 'react';
import { operation } from '../../data/operation.ts';
import {
  AdministratorsWithoutFactorDocument,
  type MetricsFragment,
  TrailStateDocument,
  WebhooksDocument,
} from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { usePermissions } from '../../session/viewer.ts';
import { isBroken } from '../webhooks/broken.ts';
import { spikeIn } from './scale.ts';

interface Item {
  key: string;
  icon: typeof Stamp;
  isWarning: boolean;
  title: ReactNode;
  hint: ReactNode;
  link: Pick<LinkProps, 'to' | 'search'> | null;
}

export function Attention({ metrics }: { metrics: MetricsFragment | null }) {
  const { overview } = useMessages();
  const items = useItems(metrics);
  return (
    <section className="panel">
      <header>
        <h2>{overview.attention}</h2>
        <span className="subtle num">{items.length > 0 && items.length}</span>
      </header>
      <ul className="rows">
        {items.map(({ key, icon, isWarning, title, hint, link }) => (
          <li key={key}>
            <span className={isWarning ? 'glyph warn' : 'glyph'}>
              <Icon of={icon} size={18} />
            </span>
            <div>
              <p className="row-title">{title}</p>
              <p className="row-sub">{hint}</p>
            </div>
            <div className="actions">
              {link && (
                <Link className="btn small" {...link}>
                  {overview.show}
                  <span className="vh"> {title}</span>
                </Link>
              )}
            </div>
          </li>
        ))}
        {metrics && items.length === 0 && (
          <li>
            <span className="glyph">
              <Icon of={CircleCheck} size={18} />
            </span>
            <div>
              <p className="row-title">{overview.calm}</p>
            </div>
          </li>
        )}
      </ul>
    </section>
  );
}

function useItems(metrics: MetricsFragment | null): Item[] {
  const { overview } = useMessages();
  const locale = useLocale();
  const trail = useQuery(operation('trail-state', TrailStateDocument, {})).data?.auditIntegrity;
  const may = usePermissions();
  const weak = useQuery({
    ...operation('users', AdministratorsWithoutFactorDocument, {}),
    enabled: may.has('users:read'),
  }).data;
  const webhooks = useQuery({
    ...operation('webhooks', WebhooksDocument, {}),
    enabled: may.has('webhooks:write'),
  }).data?.webhooks;
  if (!metrics) return [];
  const clock = (instant: string) =>
    new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
  const spike = spikeIn(metrics.activity);
  const { deadLetters } = metrics.mailQueue;
  const { tokenReuses } = metrics.total;
  const broken = webhooks?.filter(isBroken) ?? [];
  const items: (Item | false | null | undefined)[] = [
    trail?.problem && {
      key: 'trail',
      icon: Stamp,
      isWarning: true,
      title: overview.trailBroken,
      hint: trail.problem.message,
      link: { to: '/audit' },
    },
    spike && {
      key: 'spike',
      icon: ShieldAlert,
      isWarning: true,
      title: overview.spike(spike.count.toLocaleString(locale), clock(spike.from)),
      hint: overview.spikeHint(spike.usual.toLocaleString(locale)),
      link: { to: '/audit', search: { action: 'login.refused' } },
    },
    tokenReuses > 0 && {
      key: 'reuse',
      icon: CopyX,
      isWarning: true,
      title: overview.reuse(tokenReuses),
      hint: overview.reuseHint,
      link: { to: '/audit', search: { action: 'token.reuse_detected' } },
    },
    deadLetters > 0 && {
      key: 'mails',
      icon: MailX,
      isWarning: true,
      title: overview.deadLetters(deadLetters),
      hint: overview.deadLettersHint,
      link: null,
    },
    broken.length > 0 && {
      key: 'webhooks',
      icon: WebhookIcon,
      isWarning: true,
      title: overview.brokenWebhooks(broken.length),
      hint: [...new Set(broken.map(({ url }) => new URL(url).host))].join(', '),
      link: { to: '/webhooks' },
    },
    weakItem('SUPER_ADMIN', weak?.superAdmins.totalCount ?? 0),
    weakItem('ADMIN', weak?.admins.totalCount ?? 0),
  ];
  return items.filter((item) => !!item);

  function weakItem(role: string, count: number): Item | false {
    return (
      count > 0 && {
        key: role,
        icon: ShieldCheck,
        isWarning: false,
        title: overview.withoutFactor(count, role),
        hint: overview.withoutFactorHint,
        link: { to: '/users', search: { role, factor: 'without', status: 'ACTIVE' } },
      }
    );
  }
}
