/** The deliveries of a webhook, newest first. The other system wrote the answers: they are text, and never HTML. */
import { useLanguage } from '@postern/react';
import { Button, Chip, EmptyState, Icon, LongText } from '@postern/react/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import Check from 'lucide-react/icons/check';
import Clock from 'lucide-react/icons/clock';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import Webhook from 'lucide-react/icons/webhook';
import X from 'lucide-react/icons/x';
import { useState } from 'react';
import {
  type DeliveryRowFragment,
  type DeliveryStatus,
  RedeliverDocument,
  WebhookDeliveriesDocument,
} from '../../generated/operations.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { FilterChip } from '../../parts/filter-chip.tsx';
import { ShortTime } from '../../parts/short-time.tsx';
import { client } from '../../session/client.ts';
import { Failure } from '../../states/failure.tsx';
import { ActionButton } from '../webhooks/action-button.tsx';
import { eventName } from '../webhooks/event-names.ts';

const pageSize = 20;
/** While a message waits, its state changes within seconds. */
const pollMs = 3000;
const statuses = ['PENDING', 'DELIVERED', 'FAILED', 'ABANDONED'] as const;

export function Deliveries({ id }: { id: string }) {
  const texts = useWebhookTexts();
  const { ui } = useLanguage().messages;
  const [status, setStatus] = useState<DeliveryStatus | undefined>();
  const list = useDeliveries(id, status);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const deliveries = data?.pages.flatMap(({ webhook }) => webhook?.deliveries.nodes ?? []) ?? [];
  const choices = statuses.map((value) => ({ value, label: texts.statuses[value] }));
  return (
    <section className="panel">
      <header>
        <div>
          <h2>{texts.deliveries}</h2>
          <p>{texts.deliveriesHint}</p>
        </div>
        <FilterChip
          label={texts.status}
          choices={choices}
          value={status}
          onChange={(value) => setStatus(statuses.find((one) => one === value))}
        />
      </header>
      {!data && error && <Failure query={list} />}
      {data && deliveries.length === 0 && (
        <EmptyState icon={Webhook} title={texts.noDeliveries}>
          {texts.noDeliveriesHint}
        </EmptyState>
      )}
      <ul className="rows" aria-busy={!data}>
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      {hasNextPage && (
        <p className="foot">
          <Button pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {ui.loadMore}
          </Button>
        </p>
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

const icons = { PENDING: Clock, DELIVERED: Check, FAILED: RefreshCw, ABANDONED: X } as const;
const kinds = { PENDING: 'neutral', DELIVERED: 'ok', FAILED: 'warn', ABANDONED: 'danger' } as const;

function DeliveryRow({ delivery }: { delivery: DeliveryRowFragment }) {
  const texts = useWebhookTexts();
  const { event, attempt, status, responseStatus, responseExcerpt, durationMs, createdAt, nextAttemptAt } = delivery;
  return (
    <li>
      <span className="glyph">
        <Icon of={icons[status]} size={18} />
      </span>
      <div>
        <p className="row-title mono">{eventName(event)}</p>
        <p className="row-sub">
          <span className="dots">
            <ShortTime at={createdAt} />
            {attempt > 0 && <span>{texts.attempt(attempt)}</span>}
            {responseStatus !== null && <span>{`HTTP ${responseStatus}`}</span>}
            {durationMs !== null && <span>{`${durationMs} ms`}</span>}
            {status === 'FAILED' && nextAttemptAt !== null && (
              <span>
                {texts.nextAttempt} <ShortTime at={nextAttemptAt} />
              </span>
            )}
          </span>
        </p>
        {responseExcerpt !== null && responseExcerpt !== '' && (
          <p className="row-sub mono">
            <LongText key={responseExcerpt} text={responseExcerpt} />
          </p>
        )}
      </div>
      <div className="actions">
        <Chip kind={kinds[status]}>{texts.statuses[status]}</Chip>
        {status !== 'PENDING' && <RedeliverButton delivery={delivery} />}
      </div>
    </li>
  );
}

function RedeliverButton({ delivery: { id, event } }: { delivery: DeliveryRowFragment }) {
  const texts = useWebhookTexts();
  return (
    <ActionButton
      label={texts.redeliver}
      name={texts.redeliverOf(eventName(event))}
      done={texts.redelivered}
      errorTexts={{ CONFLICT: texts.unreadable }}
      action={() => client.request(RedeliverDocument, { input: { deliveryId: id } })}
    />
  );
}
