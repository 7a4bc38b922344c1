/**
 * Writes audit entries, in the transaction of the change that they report. Personal data (address, user agent, reason)
 * has columns of its own, which can be purged.
 */
import { AuditEntry } from '../../persistence/audit/audit-entry.ts';
import type { AuditRow } from '../../persistence/audit/audit-rows.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { StoredEvent } from '../../persistence/events/stored-event.ts';
import { hashPersonal } from '../../security/keys/personal-hash.ts';
import type { Client } from '../caller.ts';
import { newId } from '../ids.ts';
import type { AuditEvent } from './actions.ts';
import { eventRow } from './publications.ts';

/** The client of entries without a request: of the command line and of background jobs. */
export function operatorClient(requestId: string): Client {
  return {
    ipAddress: null,
    userAgent: null,
    namesLanguage: false,
    claimedPlace: null,
    requestId,
    deviceToken: null,
    captchaToken: null,
  };
}

/** For entries of a transaction that concern no signed-in caller, whatever session the request carries. */
export const noActor = { actorId: null, sessionId: null } as const;

/** Adds the entry, and the event for other systems, to the transaction: they are written with the change or not at all. */
export function recordAudit(em: EntityManager, client: Client, now: Date, event: AuditEvent): void {
  const entry = auditRow(client, now, event);
  em.persist(em.create(AuditEntry, entry));
  const published = eventRow(entry, event);
  if (published) em.persist(em.create(StoredEvent, published));
}

/** The entry, for a statement that writes it with the change. */
export function auditRow(client: Client, now: Date, event: AuditEvent): AuditRow {
  return {
    id: newId(now),
    occurredAt: now,
    action: event.action,
    outcome: event.outcome ?? 'SUCCESS',
    actorId: event.actorId ?? null,
    targetType: event.target?.type ?? null,
    targetId: event.target?.id ?? null,
    sessionId: event.sessionId ?? null,
    requestId: client.requestId,
    ...personalPart(client, event.reason),
    details: { ...event.details, ...(event.apiKeyId && { apiKeyId: event.apiKeyId }) },
  };
}

/** The columns that hold personal data, and their salted hash (persistence/audit/audit-entry.ts). */
export function personalPart({ ipAddress, userAgent }: Client, reason: string | null = null) {
  const { salt: personalSalt, hash: personalHash } = hashPersonal([ipAddress, userAgent, reason]);
  return { ipAddress, userAgent, reason, personalSalt, personalHash };
}
