/** Verifies the audit trail of this database in one snapshot: sealing and retention continue during it. */

import {
  endOfChunk,
  findEntryUpTo,
  findLinks,
  findPurgesAfter,
  findUnsealedBetween,
  keepPartitions,
  type LinkRow,
  readSealingLag,
  readSnapshot,
} from '../../persistence/audit/audit-chain.ts';
import {
  type CheckpointRow,
  findAnchor,
  findCheckpointBefore,
  findCheckpoints,
  findLastCheckpoint,
} from '../../persistence/audit/audit-checkpoints.ts';
import { findDisabledTriggers } from '../../persistence/audit/triggers.ts';
import { type EntityManager, IsolationLevel } from '../../persistence/entity-manager.ts';
import type { Anchor, Checkpoint } from '../../security/audit-chain.ts';
import { lowestId } from '../ids.ts';
import { type AuditKeyring, listAuditKeys } from './keys.ts';
import { linkFrom } from './link.ts';
import { purgeFrom } from './purges.ts';
import { type AuditProblem, ChainVerification, isBackdated, problem, type SignedBatch } from './verification.ts';

const chunkSize = 1000;

export interface IntegrityRequest {
  keyring: AuditKeyring;
  /** Checks about this many of the newest entries, from a signed checkpoint on; null: all entries. */
  newest: number | null;
  /** A checkpoint that is stored elsewhere. */
  kept?: Checkpoint | null;
}

export interface Integrity {
  problem: AuditProblem | null;
  /** The number of valid entries. */
  checked: number;
  /** Whether all stored entries were checked. */
  complete: boolean;
  /** The newest one. */
  checkpoint: Checkpoint | null;
  /** The number of unsealed entries. */
  waiting: number;
}

export function checkIntegrity(em: EntityManager, request: IntegrityRequest): Promise<Integrity> {
  const options = { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true };
  return em.fork().transactional(async (tx) => {
    await keepPartitions(tx);
    return check(tx, request);
  }, options);
}

export function newestCheckpoint(em: EntityManager): Promise<Checkpoint | null> {
  return findLastCheckpoint(em);
}

async function check(tx: EntityManager, { keyring, newest, kept = null }: IntegrityRequest): Promise<Integrity> {
  const last = await findLastCheckpoint(tx);
  const { waiting } = await readSealingLag(tx);
  const anchor = await findAnchor(tx);
  const start = last && newest !== null ? await findCheckpointBefore(tx, { sequence: last.sequence - newest }) : null;
  const verification = new ChainVerification(keyring, kept);
  const found =
    (await findNothingSealed(tx, last)) ??
    (await walk(tx, verification, start ?? anchor)) ??
    verification.end((await findPurgesAfter(tx, last?.sequence ?? 0)).map(purgeFrom)) ??
    (await findInserted(tx, last, start)) ??
    (await findInsertedBefore(tx, anchor)) ??
    (await findUnguarded(tx));
  return { problem: found, checked: verification.checked, complete: start === null, checkpoint: last, waiting };
}

/** The first checkpoint creates the key. */
async function findNothingSealed(tx: EntityManager, last: CheckpointRow | null): Promise<AuditProblem | null> {
  const wasSealed = last === null && (await listAuditKeys(tx)).length > 0;
  return wasSealed ? problem('MISSING', 'A signing key exists, but every checkpoint that it signed is missing.') : null;
}

async function walk(
  tx: EntityManager,
  verification: ChainVerification,
  start: Checkpoint | Anchor | null,
): Promise<AuditProblem | null> {
  const forged = start && verification.startBehind(start);
  if (forged) return forged;
  for await (const batch of readBatches(tx, start)) {
    const found = verification.check(batch);
    if (found) return found;
  }
  return null;
}

/** The entries after a position of the chain, in batches that end at checkpoints. */
export async function* readBatches(
  em: EntityManager,
  start: { number: number; sequence: number } | null,
): AsyncGenerator<SignedBatch & { rows: LinkRow[] }> {
  const links = readInChunks((after: number) => findLinks(em, after, chunkSize), start?.sequence ?? 0, 'sequence');
  const checkpoints = readInChunks(
    (after: number) => findCheckpoints(em, after, chunkSize),
    start?.number ?? 0,
    'number',
  );
  let next = await links.next();
  for await (const checkpoint of checkpoints) {
    const rows: LinkRow[] = [];
    while (!next.done && next.value.sequence <= checkpoint.sequence) {
      rows.push(next.value);
      next = await links.next();
    }
    yield { rows, links: rows.map(linkFrom), checkpoint };
  }
  if (!next.done) yield { rows: [next.value], links: [linkFrom(next.value)], checkpoint: null };
}

async function* readInChunks<Name extends string, Row extends Record<Name, number>>(
  read: (after: number) => Promise<Row[]>,
  start: number,
  place: Name,
): AsyncGenerator<Row> {
  let after = start;
  for (;;) {
    const rows = await read(after);
    yield* rows;
    const end = rows.at(-1);
    if (!end || rows.length < chunkSize) return;
    after = end[place];
  }
}

/** Finds unsealed entries that the sealer would have sealed if they had existed at their time. */
async function findInserted(
  tx: EntityManager,
  last: CheckpointRow | null,
  start: CheckpointRow | null,
): Promise<AuditProblem | null> {
  const { clusterId } = await readSnapshot(tx);
  // A restored dump: before the sealer has swept it, unsealed entries are normal.
  if (last === null || last.clusterId !== clusterId) return null;
  const [first] = start ? await findLinks(tx, start.sequence, 1) : [];
  let afterId = first?.entryId ?? lowestId;
  for (;;) {
    const untilId = await endOfChunk(tx, afterId, chunkSize);
    for (const { id, insertedBy, occurredAt } of await findUnsealedBetween(tx, afterId, untilId)) {
      const isOld = insertedBy === null || BigInt(insertedBy) < BigInt(last.horizon);
      if (isOld || isBackdated(occurredAt, last.completeUntil)) {
        return problem('INSERTED', `Entry ${id} was inserted later: it has no seal.`, { entryId: id });
      }
    }
    if (untilId === null) return null;
    afterId = untilId;
  }
}

/** Retention deletes an entry before it moves the anchor past its seal, so no entry belongs to a seal there. */
async function findInsertedBefore(tx: EntityManager, anchor: Anchor | null): Promise<AuditProblem | null> {
  const entryId = anchor && (await findEntryUpTo(tx, anchor.sequence));
  if (!entryId) return null;
  return problem('INSERTED', `Entry ${entryId} was inserted later: its seal is before the anchor.`, { entryId });
}

async function findUnguarded(tx: EntityManager): Promise<AuditProblem | null> {
  const [guard] = await findDisabledTriggers(tx);
  if (guard === undefined) return null;
  return problem('UNGUARDED', `The trail is intact, but its trigger ${guard} is disabled or missing.`);
}
