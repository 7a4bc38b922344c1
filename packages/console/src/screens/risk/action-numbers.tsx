/** How many sign-ins were assessed, and how often each action followed. */
import type { RiskAction, RiskQuery } from '../../generated/operations.ts';
import { useLocale } from '../../messages/messages.ts';
import { useRiskTexts } from '../../messages/risk/texts.ts';

const actions = ['MAIL', 'CAPTCHA', 'SECOND_STEP', 'REFUSE'] as const satisfies readonly RiskAction[];

export function ActionNumbers({ overview: { assessments, byAction } }: { overview: RiskQuery['riskOverview'] }) {
  const texts = useRiskTexts();
  const locale = useLocale();
  const countOf = (action: RiskAction) => byAction.find(({ key }) => key === action)?.count ?? 0;
  return (
    <dl className="kpis">
      <div className="kpi">
        <dt>{texts.assessed}</dt>
        <dd className="v">{assessments.toLocaleString(locale)}</dd>
      </div>
      {actions.map((action) => (
        <div className="kpi" key={action}>
          <dt>{texts.actions[action]}</dt>
          <dd className="v">{countOf(action).toLocaleString(locale)}</dd>
        </div>
      ))}
    </dl>
  );
}
