/**
 * One thing that happened. Rows are only ever inserted: a trigger (migrations/) refuses update, delete and truncate.
 * There is no foreign key, because an entry outlives what it tells of.
 */
import { defineEntity, p } from '@mikro-orm/core';

export const auditOutcomes = ['SUCCESS', 'FAILURE', 'DENIED'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

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
    details: p.json().$type<Record<string, unknown>>(),
  },
  triggers: [
    {
      name: 'append_only',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'statement',
      body: `raise exception 'audit entries are append-only'`,
    },
  ],
});

export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
