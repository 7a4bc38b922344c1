/** The audit entries of events, for streams: of all users for administrators, of the own account for users. */
import { AuditEntry } from '../../persistence/audit/audit-entry.ts';
import { type Caller, viewerOf } from '../caller.ts';
import type { EventSource } from '../events/source.ts';
import type { StreamedEvent } from '../events/tail.ts';
import type { Unit } from '../transaction.ts';
import { type AuditRecord, recordFrom, withoutPersonalData } from './trail.ts';

/** @param types null: all */
export function adminEvents(types: readonly unknown[] | null): EventSource {
  return {
    userId: null,
    wants: ({ auditEntryId, type }) => auditEntryId !== null && (types?.includes(type) ?? true),
    present: entriesOf,
  };
}

/** As `listSecurityEvents`: entries about the caller and by the caller. */
export function ownEvents(caller: Caller): EventSource {
  const { id } = viewerOf(caller);
  return {
    userId: id,
    wants: ({ auditEntryId, userId, actorId }) => auditEntryId !== null && (userId === id || actorId === id),
    present: async (unit, events) => (await entriesOf(unit, events)).map((entry) => withoutPersonalData(entry, id)),
  };
}

/** In the order of the events. */
async function entriesOf({ em }: Unit, events: readonly StreamedEvent[]): Promise<AuditRecord[]> {
  const ids = events.map(({ auditEntryId }) => auditEntryId).filter((id) => id !== null);
  const found = ids.length > 0 ? await em.fork().find(AuditEntry, { id: ids }) : [];
  const records = new Map(found.map((entry) => [entry.id, recordFrom(entry)]));
  return ids.flatMap((id) => records.get(id) ?? []);
}
