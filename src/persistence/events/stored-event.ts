/**
 * What happened, for other systems (domain/events/catalogue.ts). The transaction of the audit entry inserts the event, and
 * no other. There is no foreign key, because an event outlives its user and its session.
 */
import { defineEntity, p } from '@mikro-orm/core';

export const eventTypes = [
  'USER_CREATED',
  'USER_UPDATED',
  'USER_ROLE_CHANGED',
  'USER_SUSPENDED',
  'USER_REACTIVATED',
  'USER_DELETED',
  'USER_RESTORED',
  'USER_PURGED',
  'EMAIL_CHANGED',
  'PASSWORD_CHANGED',
  'MFA_ENABLED',
  'MFA_DISABLED',
  'SESSION_STARTED',
  'SESSION_ENDED',
  'ACCOUNT_LOCKED',
  'ACCOUNT_UNLOCKED',
  'IDENTITY_LINKED',
  'IDENTITY_UNLINKED',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'ROLE_CREATED',
  'ROLE_UPDATED',
  'ROLE_DELETED',
  'TOKEN_REUSE_DETECTED',
  'SIGNING_KEY_ROTATED',
  'WEBHOOK_TEST',
] as const;
export type EventType = (typeof eventTypes)[number];

/** For the revocation feed and the streams of administrators: the graph does not name them, and no webhook receives them. */
export const internalEventTypes = ['SERVICE_ACCOUNT_STOPPED'] as const;
export type StoredEventType = EventType | (typeof internalEventTypes)[number];

const StoredEventSchema = defineEntity({
  name: 'StoredEvent',
  tableName: 'events',
  properties: {
    id: p.uuid().primary(),
    /** The transaction that wrote it. Readers order by it, because ids do not follow the order of commits. */
    xact: p.string().columnType('xid8').defaultRaw('pg_current_xact_id()'),
    type: p.string().length(64).$type<StoredEventType>(),
    occurredAt: p.datetime().index(),
    /** The user that the event is about. */
    userId: p.uuid().nullable(),
    /** The session that the event is about. */
    sessionId: p.uuid().nullable(),
    actorId: p.uuid().nullable(),
    auditEntryId: p.uuid().nullable(),
    /** The members of the payload besides the ids above. */
    data: p.json().$type<Record<string, unknown>>(),
    /** Null: no delivery has been made of it yet. */
    dispatchedAt: p.datetime().nullable(),
  },
  indexes: [
    { name: 'events_in_order', expression: 'create index events_in_order on events (xact, id)' },
    {
      name: 'events_undispatched',
      expression: 'create index events_undispatched on events (xact, id) where dispatched_at is null',
    },
    { name: 'events_of_user', expression: 'create index events_of_user on events (user_id, xact)' },
  ],
});

export class StoredEvent extends StoredEventSchema.class {}
StoredEventSchema.setClass(StoredEvent);
