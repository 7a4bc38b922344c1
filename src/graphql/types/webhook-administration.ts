/** The inputs and results of the operations that change and test webhooks. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { EventType } from '../../domain/events/catalogue.ts';
import { EventTypeEnum } from './event.ts';
import { Webhook, WebhookDelivery } from './webhook.ts';

@InputType({ description: 'A new webhook.' })
export class CreateWebhookInput {
  @Field(() => String, {
    description: 'The address: https on port 443 or 8443, of a public server. Its name is resolved at each delivery.',
  })
  url!: string;

  @Field(() => [EventTypeEnum], { description: 'The events to receive: at least one.' })
  events!: EventType[];

  @Field(() => String, { nullable: true, description: 'What it is for. At most 100 characters.' })
  description?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether messages contain `data.profile`. Default: false.' })
  includeProfile?: boolean | null;
}

@InputType({ description: 'The changes. Absent and null fields keep their value.' })
export class UpdateWebhookInput {
  @Field(() => ID, { description: 'The id of the webhook.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The address. Waiting messages go to the new one.' })
  url?: string | null;

  @Field(() => [EventTypeEnum], { nullable: true, description: 'The events to receive: at least one.' })
  events?: EventType[] | null;

  @Field(() => String, { nullable: true, description: 'What it is for. An empty text removes it.' })
  description?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether messages contain `data.profile`.' })
  includeProfile?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'false gives up the messages that wait. true begins with new events.',
  })
  enabled?: boolean | null;
}

@InputType({ description: 'The webhook that gets another secret.' })
export class RotateWebhookSecretInput {
  @Field(() => ID, { description: 'The id of the webhook.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The seconds for which messages carry a signature of the former secret too, at most 7 days. 0: none. Default: a day.',
  })
  overlap?: number | null;
}

@InputType({ description: 'The webhook to delete.' })
export class DeleteWebhookInput {
  @Field(() => ID, { description: 'The id of the webhook.' })
  id!: string;
}

@InputType({ description: 'The webhook that gets a test event.' })
export class SendTestEventInput {
  @Field(() => ID, { description: 'The id of the webhook.' })
  webhookId!: string;
}

@InputType({ description: 'The delivery to repeat.' })
export class RedeliverInput {
  @Field(() => ID, { description: 'The id of the delivery.' })
  deliveryId!: string;
}

@ObjectType({ description: 'The answer to `createWebhook`.' })
export class CreateWebhookPayload {
  @Field(() => Webhook, { description: 'The new webhook.' })
  webhook!: Webhook;

  @Field(() => String, {
    description:
      'The secret that signs its messages, `whsec_…`. It is returned only here: configure the receiver with it.',
  })
  secret!: string;
}

@ObjectType({ description: 'The answer to `updateWebhook`.' })
export class UpdateWebhookPayload {
  @Field(() => Webhook, { description: 'The webhook after the change.' })
  webhook!: Webhook;
}

@ObjectType({ description: 'The answer to `rotateWebhookSecret`.' })
export class RotateWebhookSecretPayload {
  @Field(() => Webhook, { description: 'The webhook.' })
  webhook!: Webhook;

  @Field(() => String, { description: 'The new secret, `whsec_…`. It is returned only here.' })
  secret!: string;
}

@ObjectType({ description: 'The answer to `deleteWebhook`.' })
export class DeleteWebhookPayload {
  @Field(() => Boolean, { description: 'Always true: the webhook is deleted.' })
  deleted!: boolean;
}

@ObjectType({ description: 'The answer to `sendTestEvent`.' })
export class SendTestEventPayload {
  @Field(() => WebhookDelivery, {
    description: 'The delivery of the test event. Its first attempt follows within seconds.',
  })
  delivery!: WebhookDelivery;
}

@ObjectType({ description: 'The answer to `redeliver`.' })
export class RedeliverPayload {
  @Field(() => WebhookDelivery, { description: 'The delivery. Its next attempt follows within seconds.' })
  delivery!: WebhookDelivery;
}
