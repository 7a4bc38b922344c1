/**
 * One thing that happened. Rows are only ever inserted: triggers (migrations/) refuse update, delete and truncate. The
 * one change they let through takes the personal data of an entry away, all of it; its hash stays, and with the salt
 * gone nobody can guess what was hashed. What is sealed of an entry (domain/audit.ts) holds the hash only, so the
 * chain survives. There is no foreign key, because an entry outlives what it tells of.
 */
import { defineEntity, p } from '@mikro-orm/core';

export const auditOutcomes = ['SUCCESS', 'FAILURE', 'DENIED'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

const purgeOnly = `if to_jsonb(new) <> to_jsonb(old) || '{"ip_address": null, "user_agent": null, "reason": null, "personal_salt": null}' then raise exception 'audit entries are append-only'; end if; return new`;

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    id: p.uuid().primary(),
    occurredAt: p.datetime().index(),
    action: p.string().length(64),
    outcome: p.enum(auditOutcomes),
    actorId: p.uuid().nullable().index(),
    targetType: p.string().length(32).nullable(),
    targetId: p.string().length(64).nullable(),
    sessionId: p.uuid().nullable(),
    requestId: p.string().length(128),
    ipAddress: p.string().length(45).nullable(),
    userAgent: p.string().length(512).nullable(),
    /** What an administrator gave as the reason. */
    reason: p.string().length(500).nullable(),
    /** Salts the hash of the three above; null once they are purged. */
    personalSalt: p.blob().nullable(),
    personalHash: p.blob(),
    details: p.json().$type<Record<string, unknown>>(),
  },
  indexes: [
    {
      name: 'audit_entries_address_hash',
      expression:
        "create index audit_entries_address_hash on audit_entries ((details->>'addressHash')) where details->>'addressHash' is not null",
    },
    {
      name: 'audit_entries_unowned_session',
      expression:
        'create index audit_entries_unowned_session on audit_entries (session_id) where actor_id is null and session_id is not null',
    },
  ],
  triggers: [
    {
      name: 'append_only',
      timing: 'before',
      events: ['delete'],
      forEach: 'statement',
      body: `raise exception 'audit entries are append-only'`,
    },
    {
      name: 'purge_only',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      body: purgeOnly,
    },
  ],
});

export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
