/** The five numbers at the top of the overview. */
import type { ReactNode } from 'react';
import type { MetricsFragment, OverviewBeforeQuery } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { changeOf } from './scale.ts';
import type { OverviewPeriod } from './search.ts';

export interface KeyNumbersProps {
  /** Null: being loaded. */
  metrics: MetricsFragment | null;
  before: OverviewBeforeQuery['securityOverview']['total'] | null;
  period: OverviewPeriod;
}

export function KeyNumbers({ metrics, before, period }: KeyNumbersProps) {
  const { overview } = useMessages();
  const locale = useLocale();
  const count = (value: number) => (value > 1000 ? overview.moreThan1000 : value.toLocaleString(locale));
  const { total, mfa } = metrics ?? {};
  const share = mfa && mfa.users > 0 ? mfa.enabled / mfa.users : null;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  return (
    <dl className="kpis" aria-busy={metrics === null}>
      <KeyNumber name={overview.activeSessions} value={metrics && count(metrics.activeSessions)}>
        {overview.atThisMoment}
      </KeyNumber>
      <KeyNumber name={overview.signIns} value={total?.signIns.toLocaleString(locale)}>
        <Compared now={total?.signIns} before={before?.signIns} period={period} moreIs="good" />
      </KeyNumber>
      <KeyNumber name={overview.refusedSignIns} value={total?.signInFailures.toLocaleString(locale)}>
        <Compared now={total?.signInFailures} before={before?.signInFailures} period={period} moreIs="bad" />
      </KeyNumber>
      <KeyNumber name={overview.lockedAccounts} value={metrics && count(metrics.lockedAccounts)}>
        {overview.forUnknownDevices}
      </KeyNumber>
      <KeyNumber name={overview.withFactor} value={mfa && (share === null ? '–' : percent.format(share))}>
        {mfa && overview.ofUsers(mfa.enabled.toLocaleString(locale), mfa.users.toLocaleString(locale))}
      </KeyNumber>
    </dl>
  );
}

interface KeyNumberProps {
  name: string;
  value: string | null | undefined;
  children: ReactNode;
}

function KeyNumber({ name, value, children }: KeyNumberProps) {
  return (
    <div className="kpi">
      <dt>{name}</dt>
      <dd className="v">{value ?? <span className="skeleton kpi-value" />}</dd>
      <dd className="d">{children ?? ' '}</dd>
    </div>
  );
}

interface ComparedProps {
  now: number | undefined;
  before: number | undefined;
  period: OverviewPeriod;
  moreIs: 'good' | 'bad';
}

/** The change to the time before. Less is the opposite of more. */
function Compared({ now, before, period, moreIs }: ComparedProps) {
  const { overview } = useMessages();
  const locale = useLocale();
  if (now === undefined) return ' ';
  const change = before === undefined ? null : changeOf(now, before);
  if (change === null) return overview.inPeriod[period];
  const isGood = change.percent >= 0 === (moreIs === 'good');
  const text = new Intl.NumberFormat(locale, { style: 'percent', signDisplay: 'exceptZero' }).format(
    change.percent / 100,
  );
  const look = change.percent === 0 ? undefined : isGood ? 'good' : 'bad';
  return (
    <>
      <b className={look}>{text}</b> {overview.onBefore[period]}
    </>
  );
}
