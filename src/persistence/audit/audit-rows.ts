/** Audit entries as rows of a statement that also writes the change. */
import { jsonTable } from '../json-rows.ts';
import type { AuditOutcome } from './audit-entry.ts';

export interface AuditRow {
  id: string;
  occurredAt: Date;
  action: string;
  outcome: AuditOutcome;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
  sessionId: string | null;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  reason: string | null;
  personalSalt: Buffer;
  personalHash: Buffer;
  details: Record<string, unknown>;
}

export const auditRows = jsonTable<AuditRow>('audit_entries', {
  id: 'id',
  occurredAt: 'occurred_at',
  action: 'action',
  outcome: 'outcome',
  actorId: 'actor_id',
  targetType: 'target_type',
  targetId: 'target_id',
  sessionId: 'session_id',
  requestId: 'request_id',
  ipAddress: 'ip_address',
  userAgent: 'user_agent',
  reason: 'reason',
  personalSalt: 'personal_salt',
  personalHash: 'personal_hash',
  details: 'details',
});
