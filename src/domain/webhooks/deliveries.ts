/** Lists webhooks and their deliveries, for administrators. */

import { countDeliveries } from '../../persistence/webhooks/delivery-count.ts';
import { Webhook } from '../../persistence/webhooks/webhook.ts';
import { type DeliveryStatus, WebhookDelivery } from '../../persistence/webhooks/webhook-delivery.ts';
import { type Sealer, UnsealError } from '../../security/keys/sealing.ts';
import type { EventType } from '../events/catalogue.ts';
import { firstIdOf, isId } from '../ids.ts';
import { type Page, type PageRequest, readPage } from '../page.ts';
import type { Unit } from '../transaction.ts';
import type { WebhookDeps } from './deps.ts';
import { type WebhookView, webhookView } from './webhook-view.ts';

export interface DeliveryView {
  id: string;
  eventId: string;
  event: EventType;
  attempt: number;
  status: DeliveryStatus;
  responseStatus: number | null;
  responseExcerpt: string | null;
  durationMs: number | null;
  createdAt: Date;
  nextAttemptAt: Date | null;
}

/** Absent and null members do not restrict the list. */
export interface DeliveryFilter {
  status?: DeliveryStatus | null | undefined;
  event?: EventType | null | undefined;
  since?: Date | null | undefined;
}

/** Oldest first. */
export async function listWebhooks({ em }: Unit): Promise<WebhookView[]> {
  return (await em.fork().find(Webhook, {}, { orderBy: { id: 'asc' } })).map(webhookView);
}

export async function findWebhook({ em }: Unit, id: string): Promise<WebhookView | null> {
  const webhook = isId(id) ? await em.fork().findOne(Webhook, { id }) : null;
  return webhook && webhookView(webhook);
}

/** Newest first. @throws Refusal BAD_USER_INPUT */
export function listDeliveries(
  { em, sealer }: Pick<WebhookDeps, 'em' | 'sealer'>,
  webhookId: string,
  { status, event, since }: DeliveryFilter,
  request: PageRequest,
): Promise<Page<DeliveryView>> {
  const reading = em.fork();
  const where = {
    webhookId,
    ...(status && { status }),
    ...(event && { eventType: event }),
    ...(since && { id: { $gte: firstIdOf(since) } }),
  };
  return readPage(request, {
    find: ({ keyset, orderBy, limit }) => reading.find(WebhookDelivery, { $and: [where, keyset] }, { orderBy, limit }),
    count: () => countDeliveries(reading, where),
    toNode: (delivery) => deliveryView(sealer, delivery),
  });
}

/** The deliveries of all webhooks, newest first. @param failed only those that failed, also for good */
export async function findDeliveries(
  { em, sealer }: Pick<WebhookDeps, 'em' | 'sealer'>,
  { failed, limit }: { failed: boolean; limit: number },
): Promise<{ webhookId: string; delivery: DeliveryView }[]> {
  const statuses: DeliveryStatus[] = ['FAILED', 'ABANDONED'];
  const where = failed ? { status: { $in: statuses } } : {};
  const found = await em.fork().find(WebhookDelivery, where, { orderBy: { id: 'desc' }, limit });
  return found.map((delivery) => ({ webhookId: delivery.webhookId, delivery: deliveryView(sealer, delivery) }));
}

export function deliveryView(sealer: Sealer, delivery: WebhookDelivery): DeliveryView {
  const { id, eventId, eventType: event, attempt, status, createdAt } = delivery;
  return {
    ...{ id, eventId, event, attempt, status, createdAt },
    responseStatus: delivery.responseStatus ?? null,
    responseExcerpt: excerptOf(sealer, delivery),
    durationMs: delivery.durationMs ?? null,
    nextAttemptAt: delivery.nextAttemptAt ?? null,
  };
}

/** An excerpt that another SECRET sealed is unreadable; the rest of the delivery is not. */
function excerptOf(sealer: Sealer, { id, responseExcerptSealed }: WebhookDelivery): string | null {
  if (!responseExcerptSealed) return null;
  try {
    return sealer.unseal(responseExcerptSealed, id).toString();
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
