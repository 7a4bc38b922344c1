/** The catalogue of events, for developers that receive them. */
import { Query, Resolver } from 'type-graphql';
import { catalogue } from '../../domain/events/catalogue.ts';
import { EventDefinition } from '../types/event.ts';

@Resolver()
export class EventsResolver {
  @Query(() => [EventDefinition], {
    description:
      'All types of events with the JSON Schema of their messages, as in docs/events.md. Requires `audit:read`. Errors: `FORBIDDEN`.',
  })
  eventTypes(): EventDefinition[] {
    return [...catalogue];
  }
}
