/** The accounts at a glance: the share with a second factor, and what waits for users. */
import type { MetricsFragment } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';

export function AccountsPanel({ metrics }: { metrics: MetricsFragment | null }) {
  const { overview } = useMessages();
  const locale = useLocale();
  const number = (value: number | undefined) => (value === undefined ? ' ' : value.toLocaleString(locale));
  const { enabled = 0, users = 0 } = metrics?.mfa ?? {};
  return (
    <section className="panel">
      <header>
        <h2>{overview.accounts}</h2>
      </header>
      <ul className="bars">
        <li>
          <span>{overview.withFactor}</span>
          <span className="num muted">{metrics ? overview.of(number(enabled), number(users)) : ' '}</span>
          <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect className="c0" width="100" height="6" />
            <rect className="c1" width={users === 0 ? 0 : (enabled / users) * 100} height="6" />
          </svg>
        </li>
      </ul>
      <div className="queue">
        <dl className="facts">
          <dt>{overview.newAccounts}</dt>
          <dd>{number(metrics?.total.registrations)}</dd>
          <dt>{overview.toConfirm}</dt>
          <dd>{number(metrics?.pendingRegistrations)}</dd>
          <dt>{overview.tokenReuses}</dt>
          <dd>{number(metrics?.total.tokenReuses)}</dd>
        </dl>
      </div>
    </section>
  );
}
