/** What waits to be sent or sealed. */
import { useQuery } from '@tanstack/react-query';
import { operation } from '../../data/operation.ts';
import { type MetricsFragment, TrailStateDocument } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';

export function QueuesPanel({ metrics }: { metrics: MetricsFragment | null }) {
  const { overview } = useMessages();
  const locale = useLocale();
  const { data } = useQuery(operation('trail-state', TrailStateDocument, {}));
  const number = (value: number | undefined) => (value === undefined ? ' ' : value.toLocaleString(locale));
  return (
    <section className="panel">
      <header>
        <h2>{overview.queues}</h2>
      </header>
      <div className="queue">
        <dl className="facts">
          <dt>{overview.mailsWaiting}</dt>
          <dd>{number(metrics?.mailQueue.pending)}</dd>
          <dt>{overview.mailsGivenUp}</dt>
          <dd>{number(metrics?.mailQueue.deadLetters)}</dd>
          <dt>{overview.toSeal}</dt>
          <dd>{number(data?.auditIntegrity.waiting)}</dd>
        </dl>
      </div>
    </section>
  );
}
