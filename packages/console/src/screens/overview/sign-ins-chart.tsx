/** Signed in and refused over time, as stacked bars or as a table. Arrow keys and the pointer show the numbers of one span. */
import { type KeyboardEvent, type PointerEvent, useId, useState } from 'react';
import { useMessages } from '../../messages/messages.ts';
import { ChartTable } from './chart-table.tsx';
import { barsOf, chart, type SignInSpan, topOf } from './scale.ts';
import { useSpanNames } from './span-names.ts';

export function SignInsChart({ spans }: { spans: readonly SignInSpan[] }) {
  const { overview } = useMessages();
  const headingId = useId();
  const [isTable, setTable] = useState(false);
  return (
    <section className="panel" aria-labelledby={headingId}>
      <header>
        <h2 id={headingId}>{overview.signIns}</h2>
        <div className="actions">
          {!isTable && (
            <ul className="legend">
              <Key color="c1" label={overview.signedIn} />
              <Key color="c2" label={overview.refused} />
            </ul>
          )}
          <button className="btn small ghost" type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? overview.asChart : overview.asTable}
          </button>
        </div>
      </header>
      <div className="chart">{isTable ? <ChartTable spans={spans} /> : <Plot spans={spans} />}</div>
    </section>
  );
}

function Key({ color, label }: { color: string; label: string }) {
  return (
    <li>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <rect className={color} width="10" height="10" rx="3" />
      </svg>
      {label}
    </li>
  );
}

function Plot({ spans }: { spans: readonly SignInSpan[] }) {
  const { overview } = useMessages();
  const names = useSpanNames(spans);
  const [marked, setMarked] = useState<number | null>(null);
  const top = topOf(Math.max(...spans.map(({ signIns, signInFailures }) => signIns + signInFailures)));
  const bars = barsOf(spans, top);
  const lines = Array.from({ length: chart.gridLines }, (_, index) => index / (chart.gridLines - 1));
  const shown = marked === null ? undefined : spans[marked];

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const start = step > 0 ? -1 : spans.length;
    setMarked(Math.min(Math.max((marked ?? start) + step, 0), spans.length - 1));
  };
  const onPointerMove = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setMarked(Math.min(Math.max(Math.floor(((clientX - left) / width) * spans.length), 0), spans.length - 1));
  };
  return (
    <div className="plot">
      <div className="ys" aria-hidden="true">
        {lines.map((part) => (
          <span key={part}>{names.number(Math.round(top * (1 - part)))}</span>
        ))}
      </div>
      <svg
        viewBox={`0 0 ${chart.width} ${chart.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={names.sentence}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys show the numbers of one span
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setMarked(null)}
        onBlur={() => setMarked(null)}
      >
        {lines.map((part) => (
          <path key={part} className="gridline" d={`M0 ${part * chart.height}H${chart.width}`} />
        ))}
        {bars.map((bar, index) => (
          <g key={spans[index]?.from} className={marked !== null && marked !== index ? 'faded' : undefined}>
            <rect className="c2" x={bar.x} width={bar.width} {...bar.refused} />
            <rect className="c1" x={bar.x} width={bar.width} {...bar.signedIn} />
          </g>
        ))}
      </svg>
      <div className="xs" aria-hidden="true">
        {names.labels.map((label, index) => (
          <span key={index}>{label}</span>
        ))}
      </div>
      <p className="span-tip" role="status">
        {shown && overview.span(names.of(shown), names.number(shown.signIns), names.number(shown.signInFailures))}
      </p>
    </div>
  );
}
