/** Queries of the signed checkpoints and of the anchor that replaces the removed beginning of the chain. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** Hashes in hex, signatures in base64, times in ISO 8601. */
export interface CheckpointRow {
  number: number;
  sequence: number;
  hash: string;
  signedAt: string;
  completeUntil: string | null;
  kid: string;
  signature: string;
  horizon: string;
  clusterId: string;
}

const isoMs = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const checkpointColumns = `
  number::int, seq::float8 as sequence, encode(hash, 'hex') as hash, ${isoMs('signed_at')} as "signedAt",
  ${isoMs('complete_until')} as "completeUntil", key_id as kid, translate(encode(signature, 'base64'), E'\\n', '') as signature,
  horizon::text, cluster_id as "clusterId"`;

export async function findLastCheckpoint(em: EntityManager): Promise<CheckpointRow | null> {
  const [row] = await em.execute<CheckpointRow[]>(
    `select ${checkpointColumns} from audit_checkpoints order by audit_checkpoints.number desc limit 1`,
  );
  return row ?? null;
}

/**
 * @returns the newest checkpoint that was signed before a time, or that covers at most this many entries; null also when
 * retention has removed entries after it
 */
export async function findCheckpointBefore(
  em: EntityManager,
  bound: { signedBefore: Date } | { sequence: number },
): Promise<CheckpointRow | null> {
  const [condition, value] = 'sequence' in bound ? ['seq <= ?', bound.sequence] : ['signed_at < ?', bound.signedBefore];
  const [row] = await em.execute<CheckpointRow[]>(
    `select ${checkpointColumns} from audit_checkpoints
     where ${condition} and number > coalesce((select max(number) from audit_anchors), 0)
     order by audit_checkpoints.number desc limit 1`,
    [value],
  );
  return row ?? null;
}

export function findCheckpoints(em: EntityManager, afterNumber: number, limit: number): Promise<CheckpointRow[]> {
  return em.execute<CheckpointRow[]>(
    `select ${checkpointColumns} from audit_checkpoints where number > ? order by audit_checkpoints.number limit ?`,
    [afterNumber, limit],
  );
}

export type AnchorRow = Omit<CheckpointRow, 'completeUntil' | 'horizon' | 'clusterId'> & { removedBefore: string };

export async function findAnchor(em: EntityManager): Promise<AnchorRow | null> {
  const [row] = await em.execute<AnchorRow[]>(
    `select number::int, seq::float8 as sequence, encode(hash, 'hex') as hash, ${isoMs('signed_at')} as "signedAt",
            ${isoMs('removed_before')} as "removedBefore", key_id as kid, translate(encode(signature, 'base64'), E'\\n', '') as signature
     from audit_anchors order by audit_anchors.number desc limit 1`,
  );
  return row ?? null;
}

export async function insertCheckpoint(tx: EntityManager, row: CheckpointRow): Promise<void> {
  await tx.execute(
    `insert into audit_checkpoints
       (number, seq, hash, signed_at, complete_until, key_id, signature, horizon, cluster_id)
     values (:number, :sequence, decode(:hash, 'hex'), :signedAt, :completeUntil, :kid, decode(:signature, 'base64'),
             :horizon, :clusterId)`,
    { ...row },
  );
}

/** @returns the last sealed and the last signed sequence, read in one statement */
export async function readEnds(em: EntityManager): Promise<{ sealed: number; signed: number }> {
  const [row] = await em.execute<{ sealed: number; signed: number }[]>(
    `select coalesce((select max(seq) from audit_seals), 0)::float8 as sealed,
            coalesce((select seq from audit_checkpoints order by number desc limit 1), 0)::float8 as signed`,
  );
  return row ?? { sealed: 0, signed: 0 };
}

/** The chain then starts after the anchor. The triggers permit the deletion of what it replaces, and of nothing else. */
export async function insertAnchor(tx: EntityManager, anchor: AnchorRow): Promise<void> {
  await tx.execute(
    `insert into audit_anchors (number, seq, hash, removed_before, signed_at, key_id, signature)
     values (:number, :sequence, decode(:hash, 'hex'), :removedBefore, :signedAt, :kid, decode(:signature, 'base64'))`,
    { ...anchor },
  );
}

/** @returns how many entries were deleted */
export async function deleteEntriesUpTo(tx: EntityManager, sequence: number): Promise<number> {
  const gone = await tx.execute<{ gone: number }[]>(
    `with gone as (
       delete from audit_entries where id in (select entry_id from audit_seals where seq <= ?) returning 1)
     select count(*)::int as gone from gone`,
    [sequence],
  );
  return gone[0]?.gone ?? 0;
}

/** Deletes the oldest seals and checkpoints that the anchor replaces. @returns whether any are left */
export async function deleteReplaced(
  tx: EntityManager,
  { number, sequence }: Pick<AnchorRow, 'number' | 'sequence'>,
  limit: number,
): Promise<boolean> {
  await tx.execute('delete from audit_seals where seq <= least(?, (select min(seq) from audit_seals) + ?)', [
    sequence,
    limit,
  ]);
  await tx.execute(
    'delete from audit_checkpoints where number <= least(?, (select min(number) from audit_checkpoints) + ?)',
    [number, limit],
  );
  await tx.execute('delete from audit_anchors where number < ?', [number]);
  const [row] = await tx.execute<{ left: boolean }[]>(
    `select exists(select from audit_seals where seq <= ?) or exists(select from audit_checkpoints where number <= ?) as left`,
    [sequence, number],
  );
  return row?.left ?? false;
}
