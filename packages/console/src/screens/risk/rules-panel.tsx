/** The points of each signal. They are read only: a file of the operator sets them. */
import type { RiskQuery } from '../../generated/operations.ts';
import { useRiskTexts } from '../../messages/risk/texts.ts';

export function RulesPanel({ rules }: { rules: RiskQuery['riskRules'] }) {
  const texts = useRiskTexts();
  return (
    <section className="panel">
      <header>
        <h2>{texts.rules}</h2>
      </header>
      <table className="rules-table">
        <thead>
          <tr>
            <th scope="col">{texts.signal}</th>
            <th scope="col" className="right">
              {texts.points}
            </th>
          </tr>
        </thead>
        <tbody>
          {rules.map(({ signal, points }) => (
            <tr key={signal}>
              <td>{texts.signals[signal]}</td>
              <td className="num right">{points}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="table-foot">
        {texts.rulesHint} {texts.observed}
      </p>
    </section>
  );
}
