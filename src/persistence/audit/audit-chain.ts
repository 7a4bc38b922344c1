/** Queries of the chain of seals: its lock, the entries to seal next, and the sealed entries with their proofs. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { maxCount } from '../bounded-count.ts';
import { timelineOfPrimary } from '../connection/primary-position.ts';
import { findLastCheckpoint } from './audit-checkpoints.ts';

/** An arbitrary constant that identifies the lock among the advisory locks of the database. */
const chainLock = 7_265_002;

/** Held until the transaction ends. @returns whether no other transaction adds to the chain or removes from it */
export async function tryLockChain(tx: EntityManager): Promise<boolean> {
  const [row] = await tx.execute<{ locked: boolean }[]>('select pg_try_advisory_xact_lock(?) as locked', [chainLock]);
  return row?.locked ?? false;
}

/** Waits for the lock. */
export async function lockChain(tx: EntityManager): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(?)', [chainLock]);
}

/**
 * Retention drops no partition until the transaction ends. To be called before the first read: a snapshot does not keep a
 * table from being dropped.
 */
export async function keepPartitions(tx: EntityManager): Promise<void> {
  await tx.execute('lock table audit_entries in access share mode');
}

/** The progress of transactions on this database server. */
export interface Snapshot {
  clusterId: string;
  /** PostgreSQL counts it up when a standby becomes the primary. */
  timeline: number;
  /** Every transaction before this one has ended. */
  horizon: string;
  /** The next transaction id at the time of the snapshot. */
  next: string;
}

export async function readSnapshot(em: EntityManager): Promise<Snapshot> {
  const [row] = await em.execute<Snapshot[]>(
    `select (select system_identifier::text from pg_control_system()) as "clusterId",
            ${timelineOfPrimary} as timeline,
            pg_snapshot_xmin(s)::text as horizon, pg_snapshot_xmax(s)::text as next
     from pg_current_snapshot() s`,
  );
  if (!row) throw new Error('the database gave no snapshot');
  return row;
}

/** An entry in the form that is sealed (security/audit-chain.ts); `details` is JSON. */
export interface EntryRow {
  id: string;
  occurredAt: string;
  action: string;
  outcome: string;
  actorId: string | null;
  targetType: string | null;
  targetId: string | null;
  sessionId: string | null;
  requestId: string;
  personalHash: string;
  details: string;
}

const entryColumns = `
  e.id, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "occurredAt", e.action, e.outcome,
  e.actor_id as "actorId", e.target_type as "targetType", e.target_id as "targetId", e.session_id as "sessionId",
  e.request_id as "requestId", encode(e.personal_hash, 'hex') as "personalHash", e.details::text as details`;

export const unsealed = 'not exists (select from audit_seals s where s.entry_id = e.id)';

export type UnsealedRow = EntryRow & { insertedBy: string };

/** A `user.purged` or `personal_data.purged` entry; `details` is JSON. */
export type PurgeRow = Pick<EntryRow, 'action' | 'targetId' | 'details'>;

/** The purges after a position in the chain, and the unsealed ones. */
export function findPurgesAfter(em: EntityManager, sequence: number): Promise<PurgeRow[]> {
  return em.execute<PurgeRow[]>(
    `select e.action, e.target_id as "targetId", e.details::text as details
     from audit_entries e left join audit_seals s on s.entry_id = e.id
     where e.action in ('user.purged', 'personal_data.purged') and (s.seq is null or s.seq > ?) order by e.id`,
    [sequence],
  );
}

/** In the order in which their transactions began to write. The horizon must have been read before. */
export function findUnsealed(
  em: EntityManager,
  range: { from: string; horizon: string; limit: number },
): Promise<UnsealedRow[]> {
  return em.execute<UnsealedRow[]>(
    `select ${entryColumns}, e.inserted_by::text as "insertedBy" from audit_entries e
     where e.inserted_by >= ?::xid8 and e.inserted_by < ?::xid8 and ${unsealed}
     order by e.inserted_by, e.id limit ?`,
    [range.from, range.horizon, range.limit],
  );
}

/** The last id of the next so many entries, or null when there are fewer. */
export async function endOfChunk(em: EntityManager, afterId: string, size: number): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    'select id from audit_entries where id > ? order by id offset ? limit 1',
    [afterId, size - 1],
  );
  return row?.id ?? null;
}

export type UnsealedEntryRow = EntryRow & { insertedBy: string | null };

/** Entries without a seal among those of a chunk, whichever transaction wrote them. */
export function findUnsealedBetween(
  em: EntityManager,
  afterId: string,
  untilId: string | null,
): Promise<UnsealedEntryRow[]> {
  return em.execute<UnsealedEntryRow[]>(
    `select ${entryColumns}, e.inserted_by::text as "insertedBy" from audit_entries e
     where e.id > ? and ${untilId === null ? 'true' : 'e.id <= ?'} and ${unsealed} order by e.id`,
    untilId === null ? [afterId] : [afterId, untilId],
  );
}

/** @returns the id of a stored entry whose seal has this number or a lower one */
export async function findEntryUpTo(em: EntityManager, sequence: number): Promise<string | null> {
  const [row] = await em.execute<{ id: string }[]>(
    'select e.id from audit_seals s join audit_entries e on e.id = s.entry_id where s.seq <= ? limit 1',
    [sequence],
  );
  return row?.id ?? null;
}

export interface SealRow {
  sequence: number;
  entryId: string;
  hash: string;
}

export async function insertSeals(tx: EntityManager, seals: readonly SealRow[]): Promise<void> {
  await tx.execute(
    `insert into audit_seals (seq, entry_id, hash)
     select (s->>'sequence')::bigint, (s->>'entryId')::uuid, decode(s->>'hash', 'hex')
     from jsonb_array_elements(?::jsonb) s`,
    [JSON.stringify(seals)],
  );
}

/** Counts the sealed ids of a part of the chain that are in a range, and names the others. */
export async function readSealedBetween(
  em: EntityManager,
  part: { after: number; until: number },
  range: { from: string; to: string },
): Promise<{ inside: number; outside: string[] }> {
  const [row] = await em.execute<{ inside: number; outside: string[] }[]>(
    `select (count(*) filter (where is_inside))::int as inside,
            coalesce(jsonb_agg(entry_id) filter (where not is_inside), '[]') as outside
     from (select entry_id, entry_id >= :from and entry_id < :to as is_inside from audit_seals
           where seq > :after and seq <= :until) sealed`,
    { ...part, ...range },
  );
  return row ?? { inside: 0, outside: [] };
}

/** The triggers permit it up to the anchor. */
export async function deleteEntries(tx: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(
    'delete from audit_entries where id in (select value::uuid from jsonb_array_elements_text(?::jsonb))',
    [JSON.stringify(ids)],
  );
}

/** A position in the chain with its entry; null when the entry was deleted. */
export interface LinkRow extends SealRow {
  entry: EntryRow | null;
  personal: PersonalRow;
}

export interface PersonalRow {
  ipAddress: string | null;
  userAgent: string | null;
  reason: string | null;
  /** In hex. */
  salt: string | null;
}

type JoinedRow = SealRow & PersonalRow & { [Column in keyof EntryRow]: EntryRow[Column] | null };

export async function findLinks(em: EntityManager, afterSequence: number, limit: number): Promise<LinkRow[]> {
  const rows = await em.execute<JoinedRow[]>(
    `select l.seq::float8 as sequence, l.entry_id as "entryId", encode(l.hash, 'hex') as hash, ${entryColumns},
            e.ip_address as "ipAddress", e.user_agent as "userAgent", e.reason, encode(e.personal_salt, 'hex') as salt
     from audit_seals l left join audit_entries e on e.id = l.entry_id
     where l.seq > ? order by l.seq limit ?`,
    [afterSequence, limit],
  );
  return rows.map(({ sequence, entryId, hash, ipAddress, userAgent, reason, salt, ...entry }) => ({
    sequence,
    entryId,
    hash,
    entry: isWhole(entry) ? entry : null,
    personal: { ipAddress, userAgent, reason, salt },
  }));
}

function isWhole(entry: { [Column in keyof EntryRow]: EntryRow[Column] | null }): entry is EntryRow {
  return entry.id !== null;
}

/** The number of unsealed entries, up to a bound, and the time of the oldest. */
export async function readSealingLag(em: EntityManager): Promise<{ waiting: number; oldest: Date | null }> {
  const last = await findLastCheckpoint(em);
  const [row] = await em.execute<{ waiting: number; oldest: string | null }[]>(
    `select count(*)::int as waiting, min(occurred_at) as oldest from (
       select e.occurred_at from audit_entries e where (e.inserted_by >= ?::xid8) and ${unsealed}
       order by e.inserted_by limit ${maxCount}) waiting`,
    [last?.horizon ?? '0'],
  );
  return { waiting: row?.waiting ?? 0, oldest: row?.oldest ? new Date(row.oldest) : null };
}
