/** Events as rows of a statement that also writes the change and its audit entry. */
import { jsonTable } from '../json-rows.ts';
import type { StoredEventType } from './stored-event.ts';

export interface EventRow {
  id: string;
  type: StoredEventType;
  occurredAt: Date;
  userId: string | null;
  sessionId: string | null;
  actorId: string | null;
  auditEntryId: string;
  data: Record<string, unknown>;
}

export const eventRows = jsonTable<EventRow>('events', {
  id: 'id',
  type: 'type',
  occurredAt: 'occurred_at',
  userId: 'user_id',
  sessionId: 'session_id',
  actorId: 'actor_id',
  auditEntryId: 'audit_entry_id',
  data: 'data',
});
