/**
 * The refresh, in one statement and one round trip. It advances the family by one generation, from the presented
 * generation only and while family and user are active, and writes the audit entry. The client has received the token that
 * it presents, so the statement also confirms that generation. Under the row lock of the UPDATE exactly one of many parallel
 * refreshes succeeds.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Trace } from '../../trace.ts';
import { alone, type Batches, createBatches } from '../batches.ts';
import { inPlaces, type Placed, query } from '../statement.ts';
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

/**
 * The same for many families, with one commit. It skips families whose row another transaction has locked, so that it
 * never waits and cannot deadlock.
 */
const batchStatement = {
  name: 'rotate_families',
  text: `with wanted as (
      select * from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::bytea[], $10::bytea[]) with ordinality as wanted (family_id, generation, occurred_at, audit_id, action, request_id,
        ip_address, user_agent, personal_salt, personal_hash, place)
    ), unlocked as (
      select id from token_families where id in (select family_id from wanted) for update skip locked
    ), f as (
      update token_families f
      set generation = f.generation + 1, confirmed_generation = f.generation, rotated_at = w.occurred_at,
          expires_at = least(f.absolute_expires_at, w.occurred_at + make_interval(secs => f.sliding_seconds))
      from wanted w, unlocked, users u
      where f.id = w.family_id and unlocked.id = f.id and f.generation = w.generation and f.revoked_at is null
        and f.expires_at > w.occurred_at and u.id = f.user_id and u.status = 'ACTIVE'
      returning f.*, w.place
    ), audited as (
      insert into audit_entries
        (id, occurred_at, action, outcome, actor_id, target_type, target_id, session_id, request_id, ip_address, user_agent,
         personal_salt, personal_hash, details)
      select w.audit_id, w.occurred_at, w.action, 'SUCCESS', f.user_id, 'session', f.id::text, f.id, w.request_id, w.ip_address,
             w.user_agent, w.personal_salt, w.personal_hash, jsonb_build_object('generation', f.generation)
      from f join wanted w on w.place = f.place
    )
    select ${sessionStateColumns}, f.place
    from f join users u on u.id = f.user_id join roles r on r.name = u.role_name`,
};

export type Rotations = Batches<Rotation, SessionStateRow | null>;

/** Rotates concurrent refreshes together. Loads null where there was nothing to rotate. */
export function createRotations(fork: () => EntityManager, trace: Trace): Rotations {
  const one = (rotation: Rotation) => rotateFamily(fork(), rotation);
  const many = async (rotations: readonly Rotation[]) => {
    const rotated = await rotateFamilies(fork(), rotations);
    // Locked, or nothing to rotate: the statement for one family waits for the lock, and decides.
    return rotated.map((row) => row ?? alone);
  };
  return createBatches({ one, many }, 'rotation', trace);
}

async function rotateFamilies(em: EntityManager, rotations: readonly Rotation[]): Promise<(SessionStateRow | null)[]> {
  const rows = rotations.map(parametersOf);
  const columns = Array.from({ length: parameterCount }, (_, column) => rows.map((row) => row[column] ?? null));
  return inPlaces(await query<SessionStateRow & Placed>(em, batchStatement, columns), rotations.length);
}

/** @returns the state of the family after the rotation, or null when no row matched */
async function rotateFamily(em: EntityManager, rotation: Rotation): Promise<SessionStateRow | null> {
  const [row] = await query<SessionStateRow>(em, statement, parametersOf(rotation));
  return row ?? null;
}

const parameterCount = 10;

/** In the order of both statements. */
function parametersOf({ familyId, generation, now, audit }: Rotation) {
  const { id, action, requestId, ipAddress, userAgent, personalSalt, personalHash } = audit;
  return [familyId, generation, now, id, action, requestId, ipAddress, userAgent, personalSalt, personalHash];
}
