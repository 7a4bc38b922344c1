/** Counts as bars, the highest first. */
import { useLocale } from '../../messages/messages.ts';
import { useRiskTexts } from '../../messages/risk/texts.ts';

export interface CountPanelProps {
  title: string;
  counts: readonly { key: string; count: number }[];
  /** The number that a full bar stands for. */
  all: number;
  nameOf: (key: string) => string;
  /** The text without any count. */
  none: string;
}

export function CountPanel({ title, counts, all, nameOf, none }: CountPanelProps) {
  const texts = useRiskTexts();
  const locale = useLocale();
  return (
    <section className="panel">
      <header>
        <h2>{title}</h2>
      </header>
      {counts.length === 0 && <p className="panel-text">{none}</p>}
      <ul className="bars">
        {counts.map(({ key, count }) => (
          <li key={key}>
            <span>{nameOf(key)}</span>
            <span className="num muted">{texts.share(count.toLocaleString(locale), all.toLocaleString(locale))}</span>
            <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
              <rect className="c0" width="100" height="6" />
              <rect className="c1" width={all === 0 ? 0 : (count / all) * 100} height="6" />
            </svg>
          </li>
        ))}
      </ul>
    </section>
  );
}
