/** Whether a server accepts writes, and on which timeline: PostgreSQL counts it up with each promotion of a standby. */
import type { EntityManager } from '@mikro-orm/postgresql';

export interface PrimaryPosition {
  /** The database cluster, which a primary and its standbys share. */
  clusterId: string;
  acceptsWrites: boolean;
  /** null: a standby. */
  timeline: number | null;
}

/** The first eight digits of the name of a WAL file are its timeline. */
export const timelineOfPrimary = `('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int`;

export const primaryPosition = `
  select (select system_identifier::text from pg_control_system()) as "clusterId",
         not pg_is_in_recovery() and not current_setting('transaction_read_only')::boolean as "acceptsWrites",
         case when pg_is_in_recovery() then null else ${timelineOfPrimary} end as timeline`;

export async function readPrimaryPosition(em: EntityManager): Promise<PrimaryPosition> {
  const [position] = await em.execute<PrimaryPosition[]>(primaryPosition);
  if (!position) throw new Error('the server gave no position');
  return position;
}
