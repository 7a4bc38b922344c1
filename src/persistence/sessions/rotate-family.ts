/**
 * The refresh, in one statement and one round trip. It advances the family by one generation, from the presented
 * generation only and while family and user are active, and writes the audit entry. The client has received the token that
 * it presents, so the statement also confirms that generation. Under the row lock of the UPDATE exactly one of many parallel
 * refreshes succeeds.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';
import { type SessionStateRow, sessionStateColumns } from './session-state.ts';

export interface Rotation {
  familyId: string;
  generation: number;
  now: Date;
  audit: {
    id: string;
    action: string;
    requestId: string;
    ipAddress: string | null;
    userAgent: string | null;
    personalSalt: Buffer;
    personalHash: Buffer;
  };
}

const statement = {
  name: 'rotate_family',
  text: `with f as (
      update token_families f
      set generation = f.generation + 1, confirmed_generation = f.generation, rotated_at = $3,
          expires_at = least(f.absolute_expires_at, $3::timestamptz + make_interval(secs => f.sliding_seconds))
      from users u
      where f.id = $1 and f.generation = $2 and f.revoked_at is null and f.expires_at > $3
        and u.id = f.user_id and u.status = 'ACTIVE'
      returning f.*
    ), audited as (
      insert into audit_entries
        (id, occurred_at, action, outcome, actor_id, target_type, target_id, session_id, request_id, ip_address, user_agent,
         personal_salt, personal_hash, details)
      select $4, $3, $5, 'SUCCESS', f.user_id, 'session', f.id::text, f.id, $6, $7, $8, $9, $10,
             jsonb_build_object('generation', f.generation)
      from f
    )
    select ${sessionStateColumns}
    from f join users u on u.id = f.user_id join roles r on r.name = u.role_name`,
};

/** @returns the state of the family after the rotation, or null when no row matched */
export async function rotateFamily(em: EntityManager, rotation: Rotation): Promise<SessionStateRow | null> {
  const { familyId, generation, now, audit } = rotation;
  const [row] = await query<SessionStateRow>(em, statement, [
    familyId,
    generation,
    now,
    audit.id,
    audit.action,
    audit.requestId,
    audit.ipAddress,
    audit.userAgent,
    audit.personalSalt,
    audit.personalHash,
  ]);
  return row ?? null;
}
