/** The audit trail's seals: who may add to them, what is to be sealed next, and reading entries with their proofs. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { maxCount } from '../bounded-count.ts';

/** Any fixed number: it names our lock among all advisory locks of the database. */
const chainLock = 7_265_002;

/** Until the transaction ends. @returns whether nobody else is adding to the chain, or removing from it */
export async function tryLockChain(tx: EntityManager): Promise<boolean> {
  const [row] = await tx.execute<{ locked: boolean }[]>('select pg_try_advisory_xact_lock(?) as locked', [chainLock]);
  return row?.locked ?? false;
}

/** Where the transactions of this database server are. */
export interface Snapshot {
  clusterId: string;
  /** Every transaction before this one has ended. */
  horizon: string;
  /** The next transaction, as far as anybody has seen. */
  next: string;
}

export async function readSnapshot(em: EntityManager): Promise<Snapshot> {
  const [row] = await em.execute<Snapshot[]>(
    `select (select system_identifier::text from pg_control_system()) as "clusterId",
            pg_snapshot_xmin(s)::text as horizon, pg_snapshot_xmax(s)::text as next
     from pg_current_snapshot() s`,
  );
  if (!row) throw new Error('the database gave no snapshot');
  return row;
}

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

/** The newest that was signed before a time, or covers at most so many entries. */
export async function findCheckpointBefore(
  em: EntityManager,
  bound: { signedBefore: Date } | { sequence: number },
): Promise<CheckpointRow | null> {
  const [condition, value] = 'sequence' in bound ? ['seq <= ?', bound.sequence] : ['signed_at < ?', bound.signedBefore];
  const [row] = await em.execute<CheckpointRow[]>(
    `select ${checkpointColumns} from audit_checkpoints where ${condition} order by audit_checkpoints.number desc limit 1`,
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

const unsealed = 'not exists (select from audit_seals s where s.entry_id = e.id)';

export type UnsealedRow = EntryRow & { insertedBy: string };

/** What `user.purged` and `personal_data.purged` entries tell; `details` is JSON. */
export type PurgeRow = Pick<EntryRow, 'action' | 'targetId' | 'details'>;

/** The purges behind a place of the chain, and those that are not sealed yet. */
export function findPurgesBehind(em: EntityManager, sequence: number): Promise<PurgeRow[]> {
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

export type LooseRow = EntryRow & { insertedBy: string | null };

/** Entries without a seal among those of a chunk, whichever transaction wrote them. */
export function findLoose(em: EntityManager, afterId: string, untilId: string | null): Promise<LooseRow[]> {
  return em.execute<LooseRow[]>(
    `select ${entryColumns}, e.inserted_by::text as "insertedBy" from audit_entries e
     where e.id > ? and ${untilId === null ? 'true' : 'e.id <= ?'} and ${unsealed} order by e.id`,
    untilId === null ? [afterId] : [afterId, untilId],
  );
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

export async function insertCheckpoint(tx: EntityManager, row: CheckpointRow): Promise<void> {
  await tx.execute(
    `insert into audit_checkpoints
       (number, seq, hash, signed_at, complete_until, key_id, signature, horizon, cluster_id)
     values (:number, :sequence, decode(:hash, 'hex'), :signedAt, :completeUntil, :kid, decode(:signature, 'base64'),
             :horizon, :clusterId)`,
    { ...row },
  );
}

/** A place in the chain with what stands there: all of the entry is null when it is gone. */
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

/** What was signed last and what was sealed last, at one moment. */
export async function readEnds(em: EntityManager): Promise<{ sealed: number; signed: number }> {
  const [row] = await em.execute<{ sealed: number; signed: number }[]>(
    `select coalesce((select max(seq) from audit_seals), 0)::float8 as sealed,
            coalesce((select seq from audit_checkpoints order by number desc limit 1), 0)::float8 as signed`,
  );
  return row ?? { sealed: 0, signed: 0 };
}

/** Of our tables, the triggers that should keep them as they are and do not: missing, or switched off. */
export async function findDisabledTriggers(em: EntityManager): Promise<string[]> {
  const rows = await em.execute<{ guard: string }[]>(
    `select w.tab || '.' || w.name as guard
     from (values ('audit_entries', 'purge_only'), ('audit_entries', 'retention_only'), ('audit_entries', 'append_only_truncate'),
                  ('audit_seals', 'append_only'), ('audit_seals', 'retention_only'), ('audit_seals', 'append_only_truncate'),
                  ('audit_checkpoints', 'append_only'), ('audit_checkpoints', 'retention_only'), ('audit_checkpoints', 'append_only_truncate'),
                  ('audit_anchors', 'append_only'), ('audit_anchors', 'retention_only'), ('audit_anchors', 'append_only_truncate')) w (tab, name)
     where not exists (select from pg_trigger t where t.tgrelid = w.tab::regclass and t.tgname = w.name and t.tgenabled in ('O', 'A'))
     order by 1`,
  );
  return rows.map(({ guard }) => guard);
}

/** The first unsealed entries, up to a bound, and when the oldest of them occurred. */
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

/**
 * Puts the anchor down and removes what it stands for: the guards let nothing else go.
 * @returns how many entries went
 */
export async function removeUpTo(tx: EntityManager, anchor: AnchorRow): Promise<number> {
  await tx.execute(
    `insert into audit_anchors (number, seq, hash, removed_before, signed_at, key_id, signature)
     values (:number, :sequence, decode(:hash, 'hex'), :removedBefore, :signedAt, :kid, decode(:signature, 'base64'))`,
    { ...anchor },
  );
  const { number, sequence } = anchor;
  const gone = await tx.execute<{ gone: number }[]>(
    `with gone as (
       delete from audit_entries where id in (select entry_id from audit_seals where seq <= ?) returning 1)
     select count(*)::int as gone from gone`,
    [sequence],
  );
  await tx.execute('delete from audit_seals where seq <= ?', [sequence]);
  await tx.execute('delete from audit_checkpoints where number <= ?', [number]);
  await tx.execute('delete from audit_anchors where number < ?', [number]);
  return gone[0]?.gone ?? 0;
}
