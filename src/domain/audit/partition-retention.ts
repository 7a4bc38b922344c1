/**
 * Drops the oldest partition of the audit trail once every entry in it is past retention. One transaction moves the anchor
 * past its entries and drops it, so that at no time an entry after the anchor is missing.
 */
import { deleteEntries, lockChain, readSealedBetween } from '../../persistence/audit/audit-chain.ts';
import { type CheckpointRow, findAnchor, findCheckpoints } from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { countRows, dropPartition, freezePartition, retryDrop } from '../../persistence/partitions/drop.ts';
import { findPartitions, type PeriodPartition } from '../../persistence/partitions/partition-list.ts';
import { lowestId, timeOfId } from '../ids.ts';
import { moveAnchor, type Removal } from './anchor.ts';

const table = 'audit_entries';
/** Of checkpoints, each with up to 500 entries. */
const groupSize = 20;
/** More entries of other partitions are left to the deletion one by one, which then precedes the drop. */
const maxOthers = 100_000;

/** What has to go for the partition to go. */
interface Covering {
  /** Of the anchor that was found. */
  from: number;
  /** The new anchor; null: the partition is empty. */
  target: CheckpointRow | null;
  /** Entries up to the new anchor in other partitions: sealed before the last entry of this one. */
  others: string[];
  rows: number;
}

/** @returns the number of removed entries; null: none of the partitions can be dropped now */
export async function removeOldestPartition(em: EntityManager, removal: Removal): Promise<number | null> {
  const oldest = (await findPartitions(em, table)).find(({ isDefault }) => !isDefault);
  const to = oldest?.to ?? null;
  if (!oldest || to === null || timeOfId(to) > removal.before) return null;
  return em.transactional(async (tx) => {
    await freezePartition(tx, oldest.name);
    const { name, from } = oldest;
    const covering = await findCovering(tx, { name, from: from ?? lowestId, to }, removal.before);
    if (covering === null) return null;
    return retryDrop(() => tx.transactional((inner) => removeCovered(inner, oldest.name, covering, removal)));
  });
}

/**
 * Finds the first checkpoint up to which every entry of the partition is sealed. An entry with a late seal delays the drop
 * until that seal is past retention.
 */
async function findCovering(
  tx: EntityManager,
  { name, ...range }: Pick<PeriodPartition, 'name' | 'from' | 'to'>,
  before: Date,
): Promise<Covering | null> {
  const anchor = await findAnchor(tx);
  const rows = await countRows(tx, name);
  const others: string[] = [];
  let target: CheckpointRow | null = null;
  for (let left = rows; left > 0; ) {
    const start: { number: number; sequence: number } = target ?? anchor ?? { number: 0, sequence: 0 };
    const candidates = await findCheckpoints(tx, start.number, groupSize + 1);
    // The newest checkpoint stays: the chain continues after it. Entries of a checkpoint occurred before it was signed.
    const next = candidates.slice(0, -1).findLast(({ signedAt }) => new Date(signedAt) < before);
    if (!next || others.length > maxOthers) return null;
    const sealed = await readSealedBetween(tx, { after: start.sequence, until: next.sequence }, range);
    left -= sealed.inside;
    others.push(...sealed.outside);
    target = next;
  }
  return { from: anchor?.number ?? 0, target, others, rows };
}

async function removeCovered(
  tx: EntityManager,
  partition: string,
  { from, target, others, rows }: Covering,
  removal: Removal,
): Promise<number | null> {
  if (target) {
    await lockChain(tx);
    if (((await findAnchor(tx))?.number ?? 0) !== from) return null;
    await moveAnchor(tx, target, removal);
    await deleteEntries(tx, others);
  }
  await dropPartition(tx, table, partition);
  return rows + others.length;
}
