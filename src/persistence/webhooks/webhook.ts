/** An address of another system that receives events. */
import { defineEntity, p } from '@mikro-orm/core';
import type { EventType } from '../events/stored-event.ts';

/** Why a webhook receives nothing: the endpoint answered 410, it failed for days, or an administrator disabled it. */
export const disabledReasons = ['gone', 'failing', 'administrator'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

const WebhookSchema = defineEntity({
  name: 'Webhook',
  tableName: 'webhooks',
  properties: {
    id: p.uuid().primary(),
    url: p.string().length(2048),
    description: p.string().length(100).nullable(),
    events: p.array().$type<EventType[]>(),
    /** Whether messages contain address, name and role of the user. */
    includeProfile: p.boolean(),
    /** The 32 bytes that sign the messages, sealed with the id. */
    secretSealed: p.blob(),
    /** The secret before the rotation. Both sign until `rotatingUntil`. */
    formerSecretSealed: p.blob().nullable(),
    rotatingUntil: p.datetime().nullable(),
    enabled: p.boolean(),
    /** It receives events from this time on. */
    enabledAt: p.datetime(),
    disabledReason: p.enum(disabledReasons).nullable(),
    /** The first failure since the last success. */
    failingSince: p.datetime().nullable(),
    /** A user without a foreign key: the webhook outlives the account. */
    createdBy: p.uuid().nullable(),
    createdAt: p.datetime(),
  },
});

export class Webhook extends WebhookSchema.class {}
WebhookSchema.setClass(Webhook);
