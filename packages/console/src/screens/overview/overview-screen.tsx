/** The overview: what happens now, and what needs attention. */
import { Icon } from '@postern/react/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Navigate } from '@tanstack/react-router';
import ChevronDown from 'lucide-react/icons/chevron-down';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { OverviewBeforeDocument, OverviewDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { usePermissions } from '../../session/viewer.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { AccountsPanel } from './accounts-panel.tsx';
import { AdministrativeChanges } from './administrative-changes.tsx';
import { Attention } from './attention.tsx';
import { FirstSteps } from './first-steps.tsx';
import { KeyNumbers } from './key-numbers.tsx';
import { QueuesPanel } from './queues-panel.tsx';
import { overviewPeriods, spansOf } from './search.ts';
import { SignInsChart } from './sign-ins-chart.tsx';

const route = getRouteApi('/overview');

export function OverviewScreen() {
  const { pages } = useMessages();
  // The gateway sends /console here, for every role.
  if (!usePermissions().has('audit:read')) return <Navigate to="/" replace />;
  return (
    <>
      <PageHead title={pages.overview} actions={<PeriodSelect />} />
      <Overview />
    </>
  );
}

function PeriodSelect() {
  const { overview } = useMessages();
  const { days = '1' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <span className="select">
      <select
        aria-label={overview.period}
        value={days}
        onChange={({ target }) =>
          void navigate({ search: { days: overviewPeriods.find((one) => one === target.value) } })
        }
      >
        {overviewPeriods.map((period) => (
          <option key={period} value={period}>
            {overview.periods[period]}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} />
    </span>
  );
}

const refreshMs = 60_000;

function Overview() {
  const { days = '1' } = route.useSearch();
  const [now] = useState(() => Date.now());
  const { since, before } = spansOf(days, now);
  const current = useQuery({
    ...operation('overview', OverviewDocument, { since }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const earlier = useQuery({
    ...operation('overview', OverviewBeforeDocument, before ?? { since, until: since }),
    enabled: before !== null,
  });
  const metrics = current.data?.securityOverview ?? null;
  if (metrics === null && current.error) return <Failure query={current} />;
  return (
    <>
      <KeyNumbers metrics={metrics} before={before && (earlier.data?.securityOverview.total ?? null)} period={days} />
      <div className="grid-2">
        <div>
          {metrics === null ? (
            <div className="panel skeleton-chart" aria-busy="true" />
          ) : metrics.mfa.users <= 1 ? (
            <FirstSteps />
          ) : (
            <SignInsChart spans={metrics.activity} />
          )}
          <AdministrativeChanges />
        </div>
        <div>
          <Attention metrics={metrics} />
          <AccountsPanel metrics={metrics} />
          <QueuesPanel metrics={metrics} />
        </div>
      </div>
    </>
  );
}
