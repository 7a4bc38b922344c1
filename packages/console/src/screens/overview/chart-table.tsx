/** The numbers of the chart as a table. */
import { useMessages } from '../../messages/messages.ts';
import type { SignInSpan } from './scale.ts';
import { useSpanNames } from './span-names.ts';

export function ChartTable({ spans }: { spans: readonly SignInSpan[] }) {
  const { overview } = useMessages();
  const names = useSpanNames(spans);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users scroll the table
    <section className="table-scroll chart-table" tabIndex={0} aria-label={overview.signIns}>
      <table>
        <thead>
          <tr>
            <th scope="col">{overview.time}</th>
            <th scope="col">{overview.signedIn}</th>
            <th scope="col">{overview.refused}</th>
          </tr>
        </thead>
        <tbody>
          {spans.map((span) => (
            <tr key={span.from}>
              <td className="num nowrap">{names.of(span)}</td>
              <td className="num">{names.number(span.signIns)}</td>
              <td className="num">{names.number(span.signInFailures)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
