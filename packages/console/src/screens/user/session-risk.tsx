/** Where a session began, and what was unusual about its sign-in. */
import { Chip } from '@postern/react/ui';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useLocale } from '../../messages/messages.ts';
import { useRiskTexts } from '../../messages/risk/texts.ts';

type Session = Pick<UserDetailFragment['sessions']['nodes'][number], 'location' | 'risk'>;

/** Nothing for a usual sign-in. */
export function RiskChip({ risk }: Pick<Session, 'risk'>) {
  const { levels } = useRiskTexts();
  if (!risk || risk.level === 'LOW') return null;
  return <Chip kind={risk.level === 'HIGH' ? 'danger' : 'warn'}>{levels[risk.level]}</Chip>;
}

export function SessionPlace({ location }: Pick<Session, 'location'>) {
  const locale = useLocale();
  if (!location) return null;
  const country = new Intl.DisplayNames(locale, { type: 'region' }).of(location.country) ?? location.country;
  return <span>{location.city === null ? country : `${location.city}, ${country}`}</span>;
}

export function SessionSignals({ risk }: Pick<Session, 'risk'>) {
  const { signals, actions } = useRiskTexts();
  const locale = useLocale();
  if (!risk || risk.signals.length === 0) return null;
  const names = new Intl.ListFormat(locale).format(risk.signals.map((signal) => signals[signal]));
  return (
    <p className="row-sub">
      <span className="dots">
        <span>{names}</span>
        {risk.action !== 'NONE' && <span>{actions[risk.action]}</span>}
      </span>
    </p>
  );
}
