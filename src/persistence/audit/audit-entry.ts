/**
 * One audited action. Rows are only inserted: triggers (migrations/) reject update, delete and truncate. The one update
 * that they accept removes all personal data of an entry. Its hash stays; without the salt its content cannot be guessed.
 * The seal of an entry (security/audit-chain.ts) covers the hash only, so the chain stays valid. The one deletion that they
 * accept removes the oldest entries, after an anchor (audit-anchor.ts). There is no foreign key, because an entry outlives
 * its target.
 */
import { defineEntity, p } from '@mikro-orm/core';

export const auditOutcomes = ['SUCCESS', 'FAILURE', 'DENIED'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

const purgeOnly = `if to_jsonb(new) <> to_jsonb(old) || '{"ip_address": null, "user_agent": null, "reason": null, "personal_salt": null}' then raise exception 'audit entries are append-only'; end if; return new`;

const retentionOnly = `if not exists (select from audit_seals s join audit_anchors a on a.seq >= s.seq where s.entry_id = old.id) then raise exception 'audit entries are append-only'; end if; return old`;

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  properties: {
    id: p.uuid().primary(),
    occurredAt: p.datetime(),
    action: p.string().length(64),
    outcome: p.enum(auditOutcomes),
    actorId: p.uuid().nullable(),
    targetType: p.string().length(32).nullable(),
    targetId: p.string().length(64).nullable(),
    sessionId: p.uuid().nullable(),
    requestId: p.string().length(128),
    ipAddress: p.string().length(45).nullable(),
    userAgent: p.string().length(512).nullable(),
    /** The reason that an administrator gave. */
    reason: p.string().length(500).nullable(),
    /** Salts the hash of the three above; null once they are purged. */
    personalSalt: p.blob().nullable(),
    personalHash: p.blob(),
    details: p.json().$type<Record<string, unknown>>(),
    /** The transaction that wrote it; the sealer (domain/audit/sealing.ts) orders by it. Null: older than the seals. */
    insertedBy: p.string().columnType('xid8').nullable().defaultRaw('pg_current_xact_id()').index(),
  },
  // Each serves a filter and the page after any entry, because ids are in the order of time.
  indexes: [
    {
      name: 'audit_entries_by_actor',
      expression: 'create index audit_entries_by_actor on audit_entries (actor_id, id) where actor_id is not null',
    },
    {
      name: 'audit_entries_by_target',
      expression: 'create index audit_entries_by_target on audit_entries (target_id, id) where target_id is not null',
    },
    {
      name: 'audit_entries_by_action',
      expression: 'create index audit_entries_by_action on audit_entries (action, id)',
    },
    {
      name: 'audit_entries_by_action_and_outcome',
      expression: 'create index audit_entries_by_action_and_outcome on audit_entries (action, outcome, id)',
    },
    {
      name: 'audit_entries_by_address',
      expression:
        'create index audit_entries_by_address on audit_entries (ip_address, id) where ip_address is not null',
    },
    {
      name: 'audit_entries_by_failure',
      expression: "create index audit_entries_by_failure on audit_entries (outcome, id) where outcome <> 'SUCCESS'",
    },
    {
      name: 'audit_entries_by_address_hash',
      expression:
        "create index audit_entries_by_address_hash on audit_entries ((details->>'addressHash'), id) where details->>'addressHash' is not null",
    },
    {
      name: 'audit_entries_unowned_session',
      expression:
        'create index audit_entries_unowned_session on audit_entries (session_id) where actor_id is null and session_id is not null',
    },
  ],
  triggers: [
    {
      name: 'retention_only',
      timing: 'before',
      events: ['delete'],
      forEach: 'row',
      body: retentionOnly,
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
