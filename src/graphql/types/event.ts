/** The types of events that webhooks receive. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { catalogue, type EventType, eventTypes } from '../../domain/events/catalogue.ts';

export const EventTypeEnum = Object.fromEntries(eventTypes.map((type) => [type, type]));
registerEnumType(EventTypeEnum, {
  name: 'EventType',
  description: 'What can happen. New values may be added: clients need a default branch.',
  valuesConfig: Object.fromEntries(catalogue.map(({ type, description }) => [type, { description }])),
});

@ObjectType({ description: 'A type of event, and the schema of its messages.' })
export class EventDefinition {
  @Field(() => EventTypeEnum, { description: 'The type, as in `createWebhook`.' })
  type!: EventType;

  @Field(() => String, { description: 'The name in messages to webhooks, for example `user.role_changed`.' })
  name!: string;

  @Field(() => Int, { description: 'Increases when a member of the message changes its meaning.' })
  version!: number;

  @Field(() => String, { description: 'When the event happens.' })
  description!: string;

  @Field(() => GraphQLJSONObject, {
    description: 'The JSON Schema (2020-12) of the whole message. Later versions may add members to messages.',
  })
  schema!: Readonly<Record<string, unknown>>;
}
