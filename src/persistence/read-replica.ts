/** The positions of a primary and of its standby in the write-ahead log, in bytes, and whether a user wrote lately. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from './statement.ts';

const written = {
  name: 'written_position',
  text: `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes`,
};

/** The end of the log where the server is no standby: then it lags behind nothing. */
const replayed = {
  name: 'replayed_position',
  text: `select case when pg_is_in_recovery() then pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::float8
                     else 'Infinity'::float8 end as bytes`,
};

/** What the primary has written. */
export function readWrittenPosition(em: EntityManager): Promise<number> {
  return readPosition(em, written);
}

/** What the standby has applied. */
export function readReplayedPosition(em: EntityManager): Promise<number> {
  return readPosition(em, replayed);
}

async function readPosition(em: EntityManager, statement: typeof written): Promise<number> {
  const [row] = await query<{ bytes: number | null }>(em, statement, []);
  if (row?.bytes == null) throw new Error('the server gave no position');
  return row.bytes;
}

const recentWork = {
  name: 'recent_work',
  text: 'select exists (select from audit_entries where actor_id = $1 and id >= $2) as found',
};

/** Every change has an audit entry with its actor. @param sinceId the lowest id of the time */
export async function hasWrittenSince(em: EntityManager, actorId: string, sinceId: string): Promise<boolean> {
  const [row] = await query<{ found: boolean }>(em, recentWork, [actorId, sinceId]);
  return row?.found ?? true;
}
