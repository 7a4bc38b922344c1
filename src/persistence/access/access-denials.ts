/** Counts denied calls. One statement per call writes an audit entry at most once a minute. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';

/** The audit entry, if this call writes one. */
export interface DenialEntry {
  id: string;
  action: string;
  requestId: string;
  ipAddress: string | null;
  userAgent: string | null;
  personalSalt: Buffer;
  personalHash: Buffer;
}

export interface DeniedCall {
  caller: string;
  operation: string;
  now: Date;
  actorId: string | null;
  sessionId: string | null;
  details: object;
  entry: DenialEntry;
}

/**
 * The row lock serialises parallel denials of one caller and operation: the first of a minute gets `pending` 0 and
 * writes the entry, with every denied call since the last one; the others are counted for the next.
 */
const statement = {
  name: 'count_denied_call',
  text: `with counted as (
      insert into access_denials as d
        (caller, operation, minute, pending, reported, actor_id, session_id, ip_address, details)
      values ($1, $2, date_trunc('minute', $3::timestamptz), 0, 1, $4, $5, $10, $6::jsonb)
      on conflict (caller, operation) do update set
        pending = case when d.minute < excluded.minute then 0 else d.pending + 1 end,
        reported = case when d.minute < excluded.minute then d.pending + 1 else d.reported end,
        minute = greatest(d.minute, excluded.minute),
        session_id = excluded.session_id, ip_address = excluded.ip_address, details = excluded.details
      returning pending, reported
    )
    insert into audit_entries
      (id, occurred_at, action, outcome, actor_id, session_id, request_id, ip_address, user_agent,
       personal_salt, personal_hash, details)
    select $7, $3, $8, 'DENIED', $4, $5, $9, $10, $11, $12, $13, $6::jsonb || jsonb_build_object('count', reported)
    from counted where pending = 0`,
};

export async function countDeniedCall(em: EntityManager, call: DeniedCall): Promise<void> {
  const { entry } = call;
  await query(em, statement, [
    call.caller,
    call.operation,
    call.now,
    call.actorId,
    call.sessionId,
    JSON.stringify(call.details),
    entry.id,
    entry.action,
    entry.requestId,
    entry.ipAddress,
    entry.userAgent,
    entry.personalSalt,
    entry.personalHash,
  ]);
}

/** @typeParam Details the type that `countDeniedCall` takes */
export interface PendingDenials<Details> {
  actorId: string | null;
  sessionId: string | null;
  ipAddress: string | null;
  details: Details;
  count: number;
}

/**
 * Takes the counts of earlier minutes that no entry contains yet; another instance takes the rest.
 * The minute of the entry that the caller of this function writes is taken: the next entry comes a minute later.
 */
export function takePendingDenials<Details>(
  tx: EntityManager,
  now: Date,
  limit: number,
): Promise<PendingDenials<Details>[]> {
  return tx.execute<PendingDenials<Details>[]>(
    `update access_denials d set pending = 0, reported = d.pending, minute = date_trunc('minute', :now::timestamptz)
     from (select ctid from access_denials where pending > 0 and minute < date_trunc('minute', :now::timestamptz)
           limit :limit for update skip locked) due
     where d.ctid = due.ctid
     returning d.actor_id as "actorId", d.session_id as "sessionId", d.ip_address as "ipAddress", d.details,
               d.reported as count`,
    { now, limit },
  );
}
