/** The subscriptions. graphql/streams/ opens them, and passes each event here. */
import { Arg, Resolver, Root, Subscription } from 'type-graphql';
import type { EventType } from '../../domain/events/catalogue.ts';
import type { SessionEvent as SessionEventOfDomain } from '../../domain/sessions/session-events.ts';
import { AuditEntry } from '../types/audit.ts';
import { EventTypeEnum } from '../types/event.ts';
import { SessionEvent } from '../types/session-event.ts';

/** Of each event, after the permission was checked: never called before. */
const subscribe = () => {
  throw new Error('subscriptions are executed by graphql/streams/');
};

@Resolver()
export class SubscriptionsResolver {
  @Subscription(() => SessionEvent, {
    subscribe,
    description:
      'The events of this session: its end, changed permissions, the end of the access token, other sign-ins of the user. The stream ends with the session and with the access token. For signed-in users.',
  })
  sessionEvents(@Root() event: SessionEventOfDomain): SessionEventOfDomain {
    return event;
  }

  @Subscription(() => AuditEntry, {
    subscribe,
    description:
      'New security events of the signed-in user, as `Viewer.securityEvents` lists them. Failed sign-ins are in the list only.',
  })
  securityEvents(@Root() entry: AuditEntry): AuditEntry {
    return entry;
  }

  @Subscription(() => AuditEntry, {
    subscribe,
    description:
      'New audit entries that are events of the catalogue. The stream ends when the permission is lost. Requires `audit:read`. Errors: `FORBIDDEN`.',
  })
  adminEvents(
    @Root() entry: AuditEntry,
    @Arg('types', () => [EventTypeEnum], {
      nullable: true,
      description: 'Only events of these types. Default: all.',
    })
    _types?: EventType[] | null,
  ): AuditEntry {
    return entry;
  }
}
