/** Webhooks and their deliveries. */
import { GraphQLURL } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { EventType } from '../../domain/events/catalogue.ts';
import { connectionType } from './connection.ts';
import { EventTypeEnum } from './event.ts';

export const DeliveryStatusEnum = {
  PENDING: 'PENDING',
  DELIVERED: 'DELIVERED',
  FAILED: 'FAILED',
  ABANDONED: 'ABANDONED',
} as const;
export type DeliveryStatus = keyof typeof DeliveryStatusEnum;
registerEnumType(DeliveryStatusEnum, {
  name: 'DeliveryStatus',
  description: 'The states of deliveries.',
  valuesConfig: {
    PENDING: { description: 'Not tried yet.' },
    DELIVERED: { description: 'The endpoint answered with a status from 200 to 299.' },
    FAILED: { description: 'The last attempt failed, and another one is due at `nextAttemptAt`.' },
    ABANDONED: { description: 'No attempt is left. `redeliver` starts again.' },
  },
});

@ObjectType({ description: 'An address of another system that receives events.' })
export class Webhook {
  @Field(() => ID, { description: 'The id.' })
  id!: string;

  @Field(() => GraphQLURL, { description: 'The address.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description!: string | null;

  @Field(() => [EventTypeEnum], { description: 'The events that it receives.' })
  events!: EventType[];

  @Field(() => Boolean, {
    description: 'Whether messages contain e-mail address, display name and role of the user, as `data.profile`.',
  })
  includeProfile!: boolean;

  @Field(() => Boolean, { description: 'Whether it receives new events.' })
  enabled!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it is disabled: `gone` (the endpoint answered 410), `failing` (no success for five days) or `administrator`. Null while it is enabled. New values may be added.',
  })
  disabledReason!: string | null;

  @Field(() => Date, { nullable: true, description: 'The first failure since the last success.' })
  failingSince!: Date | null;

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date;
}

@ObjectType({ description: 'One event for one webhook, with the result of the last attempt.' })
export class WebhookDelivery {
  @Field(() => ID, { description: 'The id, for `redeliver`.' })
  id!: string;

  @Field(() => ID, { description: 'The id of the event: the header `webhook-id`.' })
  eventId!: string;

  @Field(() => EventTypeEnum, { description: 'The type of the event.' })
  event!: EventType;

  @Field(() => Int, { description: 'The number of attempts so far.' })
  attempt!: number;

  @Field(() => DeliveryStatusEnum, { description: 'The state.' })
  status!: DeliveryStatus;

  @Field(() => Int, { nullable: true, description: 'The HTTP status of the last answer. Null: there was none.' })
  responseStatus!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The beginning of the last answer, up to 1 kB, or why there was none. The other system wrote it: escape it. Null before the first attempt, and once the message is deleted.',
  })
  responseExcerpt!: string | null;

  @Field(() => Int, { nullable: true, description: 'How long the last attempt took, in milliseconds.' })
  durationMs!: number | null;

  @Field(() => Date, { description: 'When the delivery was created, shortly after the event.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When the next attempt is due. Null: none is.' })
  nextAttemptAt!: Date | null;
}

export const WebhookDeliveryConnection = connectionType(WebhookDelivery, 'WebhookDelivery', 'deliveries');
export type WebhookDeliveryConnection = InstanceType<typeof WebhookDeliveryConnection>;

@InputType({ description: 'Which deliveries to return. Absent fields do not restrict the list.' })
export class DeliveryFilter {
  @Field(() => DeliveryStatusEnum, { nullable: true, description: 'The state.' })
  status?: DeliveryStatus | null;

  @Field(() => EventTypeEnum, { nullable: true, description: 'The type of the event.' })
  event?: EventType | null;

  @Field(() => Date, { nullable: true, description: 'Created at this time or later.' })
  since?: Date | null;
}
