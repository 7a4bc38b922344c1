/** Sends a message on demand: a test event, or one that was sent before. */
import { LockMode } from '../../persistence/entity-manager.ts';
import { WebhookDelivery } from '../../persistence/webhooks/webhook-delivery.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { isId, newId } from '../ids.ts';
import { transact } from '../transaction.ts';
import { type DeliveryView, deliveryView } from './deliveries.ts';
import type { WebhookDeps } from './deps.ts';
import { change, conflict, lockWebhook } from './manage-webhooks.ts';
import { messageOf } from './message.ts';

/** @throws Refusal NOT_FOUND, CONFLICT while the webhook is disabled */
export function sendTestEvent(deps: WebhookDeps, caller: Caller, webhookId: string): Promise<DeliveryView> {
  const { sealer } = deps;
  return change<DeliveryView>(deps, caller, webhookId, async (webhook, { tx, now, audit }) => {
    if (!webhook.enabled) return conflict('the webhook is disabled');
    const [id, eventId] = [newId(now), newId(now)];
    const event = {
      ...({ id: eventId, type: 'WEBHOOK_TEST', occurredAt: now } as const),
      ...{ userId: null, sessionId: null, actorId: caller.viewer?.id ?? null },
      data: { webhookId },
    };
    const delivery = tx.create(WebhookDelivery, {
      ...{ id, webhookId, eventId, eventType: event.type, createdAt: now, nextAttemptAt: now },
      bodySealed: sealer.seal(messageOf(event, undefined), id),
      status: 'PENDING',
      attempt: 0,
    });
    tx.persist(delivery);
    audit({ action: 'webhook.tested', target: { type: 'webhook', id: webhookId }, details: { deliveryId: id } });
    return deliveryView(sealer, delivery);
  });
}

/**
 * Starts the plan of attempts again, with the same message and `webhook-id`.
 * @throws Refusal NOT_FOUND, CONFLICT when the message was deleted, the webhook is disabled, or an attempt is running
 */
export function redeliver(deps: WebhookDeps, caller: Caller, deliveryId: string): Promise<DeliveryView> {
  return transact<DeliveryView>(deps, caller, async ({ tx, now, audit }) => {
    const found = isId(deliveryId) ? await tx.findOne(WebhookDelivery, { id: deliveryId }) : null;
    if (!found) return new Refusal('NOT_FOUND');
    const webhook = await lockWebhook(tx, found.webhookId);
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const delivery = webhook && (await tx.findOne(WebhookDelivery, { id: deliveryId }, lock));
    if (!delivery) return new Refusal('NOT_FOUND');
    if (!webhook.enabled) return conflict('the webhook is disabled');
    if (!delivery.bodySealed) return conflict('the message was deleted');
    if (delivery.leaseUntil && delivery.leaseUntil > now) return conflict('an attempt is running');
    Object.assign(delivery, { status: 'PENDING', attempt: 0, nextAttemptAt: now, finishedAt: null });
    Object.assign(delivery, { responseStatus: null, responseExcerptSealed: null, durationMs: null, leaseUntil: null });
    audit({ action: 'webhook.redelivered', target: { type: 'webhook', id: webhook.id }, details: { deliveryId } });
    return deliveryView(deps.sealer, delivery);
  });
}
