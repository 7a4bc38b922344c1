/** The risk of sign-ins: how often each signal, action and country occurred, and what each signal counts. */
import { EmptyState, Icon } from '@postern/react/ui';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import ChevronDown from 'lucide-react/icons/chevron-down';
import Gauge from 'lucide-react/icons/gauge';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { RiskDocument, type RiskQuery } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { useRiskTexts } from '../../messages/risk/texts.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { ActionNumbers } from './action-numbers.tsx';
import { CountPanel } from './count-panel.tsx';
import { RulesPanel } from './rules-panel.tsx';
import { riskPeriods } from './search.ts';

const route = getRouteApi('/risk');
const dayMs = 24 * 60 * 60_000;

export function RiskScreen() {
  const { pages } = useMessages();
  return (
    <Permitted page="risk">
      <PageHead title={pages.risk} actions={<PeriodSelect />} />
      <Risk />
    </Permitted>
  );
}

function PeriodSelect() {
  const texts = useRiskTexts();
  const { days = '7' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <span className="select">
      <select
        aria-label={texts.period}
        value={days}
        onChange={({ target }) => void navigate({ search: { days: riskPeriods.find((one) => one === target.value) } })}
      >
        {riskPeriods.map((period) => (
          <option key={period} value={period}>
            {texts.periods[period]}
          </option>
        ))}
      </select>
      <Icon of={ChevronDown} />
    </span>
  );
}

function Risk() {
  const { days = '7' } = route.useSearch();
  const [now] = useState(() => Date.now());
  const since = new Date(now - Number(days) * dayMs).toISOString();
  const query = useQuery({ ...operation('risk', RiskDocument, { since }), placeholderData: keepPreviousData });
  const { data, error } = query;
  if (!data)
    return error ? (
      <Failure query={query} />
    ) : (
      <div className="panel skeleton-chart" aria-hidden="true" aria-busy="true" />
    );
  return <Loaded data={data} />;
}

function Loaded({ data: { riskOverview, riskRules } }: { data: RiskQuery }) {
  const texts = useRiskTexts();
  const locale = useLocale();
  const { assessments, bySignal, byCountry } = riskOverview;
  const regions = new Intl.DisplayNames(locale, { type: 'region' });
  const signals: Readonly<Record<string, string>> = texts.signals;
  return (
    <>
      {assessments > 0 && <ActionNumbers overview={riskOverview} />}
      <div className="grid-2">
        <div>
          {assessments === 0 ? (
            <section className="panel">
              <EmptyState icon={Gauge} title={texts.none}>
                {texts.noneHint}
              </EmptyState>
            </section>
          ) : (
            <>
              <CountPanel
                title={texts.bySignal}
                counts={bySignal}
                all={assessments}
                nameOf={(key) => signals[key] ?? key}
                none={texts.noSignals}
              />
              <CountPanel
                title={texts.byCountry}
                counts={byCountry}
                all={assessments}
                nameOf={(key) => regions.of(key) ?? key}
                none={texts.noLocations}
              />
            </>
          )}
        </div>
        <div>
          <RulesPanel rules={riskRules} />
        </div>
      </div>
    </>
  );
}
