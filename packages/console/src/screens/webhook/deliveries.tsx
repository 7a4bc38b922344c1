/** The deliveries of a webhook on a rail, newest first. The other system wrote the answers: they are text, and never HTML. */
import { useLanguage } from '@postern/react';
import { DayHead, timelineLocaleOf } from '@postern/react/timeline';
import { Button, EmptyState, Skeleton } from '@postern/react/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import Webhook from 'lucide-react/icons/webhook';
import { useState } from 'react';
import {
  type DeliveryRowFragment,
  type DeliveryStatus,
  WebhookDeliveriesDocument,
} from '../../generated/operations.ts';
import { useLocale } from '../../messages/messages.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { FilterChip } from '../../parts/filter-chip.tsx';
import { client } from '../../session/client.ts';
import { Failure } from '../../states/failure.tsx';
import { DeliveryEntry } from './delivery-entry.tsx';

const pageSize = 20;
/** While a message waits, its state changes within seconds. */
const pollMs = 3000;
const statuses = ['PENDING', 'DELIVERED', 'FAILED', 'ABANDONED'] as const;

export function Deliveries({ id }: { id: string }) {
  const texts = useWebhookTexts();
  const { ui } = useLanguage().messages;
  const locale = timelineLocaleOf(useLocale());
  const [status, setStatus] = useState<DeliveryStatus | undefined>();
  const list = useDeliveries(id, status);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const deliveries = data?.pages.flatMap(({ webhook }) => webhook?.deliveries.nodes ?? []) ?? [];
  const choices = statuses.map((value) => ({ value, label: texts.statuses[value] }));
  return (
    <section className="timeline deliveries" aria-label={texts.deliveries} aria-busy={!data && !error}>
      <div className="day title">
        <h2>{texts.deliveries}</h2>
        <FilterChip
          label={texts.status}
          choices={choices}
          value={status}
          onChange={(value) => setStatus(statuses.find((one) => one === value))}
        />
      </div>
      {!data && (error ? <Failure query={list} /> : <Skeleton shape="rows" />)}
      {data && deliveries.length === 0 && (
        <EmptyState icon={Webhook} title={status ? texts.noneOfStatus : texts.noDeliveries}>
          {status ? texts.deliveriesHint : texts.noDeliveriesHint}
        </EmptyState>
      )}
      {daysOf(deliveries).map((day) => (
        <div key={day.at}>
          <DayHead at={day.at} locale={locale} level={3} />
          <ol className="entries">
            {day.deliveries.map((delivery, index) => (
              <DeliveryEntry
                key={delivery.id}
                delivery={delivery}
                isFirst={index === 0}
                isLast={index === day.deliveries.length - 1}
              />
            ))}
          </ol>
        </div>
      ))}
      {hasNextPage && (
        <div className="table-foot">
          <span>{texts.deliveriesHint}</span>
          <Button size="small" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {ui.loadMore}
          </Button>
        </div>
      )}
    </section>
  );
}

function useDeliveries(id: string, status: DeliveryStatus | undefined) {
  return useInfiniteQuery({
    queryKey: ['deliveries', id, status],
    queryFn: ({ pageParam, signal }) =>
      client.request(
        WebhookDeliveriesDocument,
        { id, first: pageSize, after: pageParam, where: status ? { status } : null },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ webhook }) =>
      webhook?.deliveries.pageInfo.hasNextPage ? webhook.deliveries.pageInfo.endCursor : undefined,
    refetchInterval: ({ state }) => {
      const shown = state.data?.pages.flatMap(({ webhook }) => webhook?.deliveries.nodes ?? []) ?? [];
      return shown.some((delivery) => delivery.status === 'PENDING') ? pollMs : false;
    },
  });
}

interface Day {
  /** The newest delivery of the day. */
  at: string;
  deliveries: DeliveryRowFragment[];
}

/** By days of the reader's zone. */
function daysOf(deliveries: readonly DeliveryRowFragment[]): Day[] {
  const days = new Map<string, Day>();
  for (const delivery of deliveries) {
    const key = new Date(delivery.createdAt).toDateString();
    const day = days.get(key);
    if (day) day.deliveries.push(delivery);
    else days.set(key, { at: delivery.createdAt, deliveries: [delivery] });
  }
  return [...days.values()];
}
