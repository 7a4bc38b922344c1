/** One event for one webhook, with the result of the last attempt to deliver it. */
import { defineEntity, p } from '@mikro-orm/core';
import type { EventType } from '../events/stored-event.ts';

/** PENDING: not tried yet. FAILED: tried, and a retry is due. ABANDONED: no retry is left. */
export const deliveryStatuses = ['PENDING', 'DELIVERED', 'FAILED', 'ABANDONED'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

const WebhookDeliverySchema = defineEntity({
  name: 'WebhookDelivery',
  tableName: 'webhook_deliveries',
  properties: {
    id: p.uuid().primary(),
    /** Without a foreign key: a deletion of the webhook would delete millions of rows in one request. */
    webhookId: p.uuid(),
    /** Without a foreign key: events are kept for a shorter time. */
    eventId: p.uuid(),
    eventType: p.string().length(64).$type<EventType>(),
    /** The user that the event is about: a purge of the account deletes the message. */
    userId: p.uuid().nullable(),
    /** The bytes that are signed and sent, sealed with the id; null once they are deleted. */
    bodySealed: p.blob().nullable(),
    status: p.enum(deliveryStatuses),
    /** Attempts so far. */
    attempt: p.integer(),
    /** An instance is trying until then. */
    leaseUntil: p.datetime().nullable(),
    /** Null: no attempt is due. */
    nextAttemptAt: p.datetime().nullable(),
    responseStatus: p.integer().nullable(),
    /** The beginning of the answer, or why there was none; sealed with the id. */
    responseExcerptSealed: p.blob().nullable(),
    durationMs: p.integer().nullable(),
    createdAt: p.datetime().index(),
    finishedAt: p.datetime().nullable(),
  },
  uniques: [{ properties: ['webhookId', 'eventId'] }],
  indexes: [
    {
      name: 'webhook_deliveries_due',
      expression:
        "create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_attempt_at) where status in ('PENDING', 'FAILED')",
    },
    {
      name: 'webhook_deliveries_of_webhook',
      expression: 'create index webhook_deliveries_of_webhook on webhook_deliveries (webhook_id, id)',
    },
    {
      name: 'webhook_deliveries_of_user',
      expression:
        'create index webhook_deliveries_of_user on webhook_deliveries (user_id) where user_id is not null and body_sealed is not null',
    },
    {
      name: 'webhook_deliveries_readable',
      expression:
        'create index webhook_deliveries_readable on webhook_deliveries (finished_at) where body_sealed is not null',
    },
    {
      name: 'webhook_deliveries_abandoned',
      expression:
        "create index webhook_deliveries_abandoned on webhook_deliveries (webhook_id, id) where status = 'ABANDONED'",
    },
  ],
});

export class WebhookDelivery extends WebhookDeliverySchema.class {}
WebhookDeliverySchema.setClass(WebhookDelivery);
