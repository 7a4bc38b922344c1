/** Reads the audit trail from the database. */
import type { TestDatabase } from '../gateway/database.ts';

export interface AuditRow {
  id: string;
  action: string;
  outcome: string;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
  sessionId: string | null;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  details: Record<string, unknown>;
  occurredAt: Date;
}

/** In the order of their times. */
export function auditTrail(database: TestDatabase, action?: string): Promise<AuditRow[]> {
  return database.query<AuditRow>(
    `select id, action, outcome, actor_id as "actorId", target_type as "targetType", target_id as "targetId",
            session_id as "sessionId", request_id as "requestId", ip_address as "ipAddress",
            user_agent as "userAgent", details, occurred_at as "occurredAt"
     from audit_entries where $1::text is null or action = $1 order by occurred_at, id`,
    [action ?? null],
  );
}

/** The entries of one request. */
export async function auditOf(database: TestDatabase, requestId: string): Promise<AuditRow[]> {
  return (await auditTrail(database)).filter((entry) => entry.requestId === requestId);
}
