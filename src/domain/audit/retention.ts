/**
 * Removes the entries past AUDIT_RETENTION from the beginning of the chain. A signed anchor replaces them. Whole months are
 * dropped with their partition; other entries are deleted one by one.
 */
import {
  deleteEntriesUpTo,
  deleteReplaced,
  findAnchor,
  findCheckpoints,
} from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { findPartitions, isOfPeriod } from '../../persistence/partitions/partition-list.ts';
import { timeOfId } from '../ids.ts';
import { moveAnchor, type Removal } from './anchor.ts';
import { removeOldestPartition } from './partition-retention.ts';

/** The approximate number of entries in a batch. */
const batchSize = 1000;
/** The number of seals and of checkpoints that a transaction deletes. */
const replacedBatchSize = 10_000;
/** A shorter retention is exact: a month more would be a large part of it. */
const wholeMonthsFromSeconds = 90 * 24 * 60 * 60;

export interface Retention extends Removal {
  seconds: number;
  /** Whether partitions are dropped. */
  partitions: boolean;
  /** With the deadlines of background jobs. */
  fork(): EntityManager;
  /** @returns null also when another instance holds the lock of the chain */
  holdingTheChain<T>(work: (tx: EntityManager) => Promise<T>): Promise<T | null>;
}

/** @returns the number of removed entries */
export async function removeOutdated(retention: Retention): Promise<number> {
  const { partitions, fork, holdingTheChain } = retention;
  const dropped = partitions ? await sumOf(() => removeOldestPartition(fork(), retention)) : 0;
  const before = await endOfSingleEntries(retention);
  const deleted = await sumOf(() => holdingTheChain((tx) => removeBatch(tx, { ...retention, before })));
  await removeReplaced(fork());
  return dropped + deleted;
}

/** Repeats the work until it returns null. */
async function sumOf(work: () => Promise<number | null>): Promise<number> {
  let total = 0;
  for (let gone = await work(); gone !== null; gone = await work()) total += gone;
  return total;
}

/** Entries from the oldest month on wait for the drop of their partition: deleting them before would cost as much again. */
async function endOfSingleEntries({ before, seconds, partitions, fork }: Retention): Promise<Date> {
  if (!partitions || seconds < wholeMonthsFromSeconds) return before;
  const oldest = (await findPartitions(fork(), 'audit_entries')).find(isOfPeriod);
  const start = oldest ? timeOfId(oldest.from) : before;
  return start < before ? start : before;
}

/** The caller holds the lock of the chain. @returns the number of removed entries; null: no entry is past retention */
async function removeBatch(tx: EntityManager, { before, now, takeKey }: Removal): Promise<number | null> {
  const anchor = await findAnchor(tx);
  const candidates = await findCheckpoints(tx, anchor?.number ?? 0, 100);
  // The newest one stays: the chain continues after it. Entries of a checkpoint occurred before it was signed.
  const outdated = candidates.slice(0, -1).filter(({ signedAt }) => new Date(signedAt) < before);
  const begin = anchor?.sequence ?? 0;
  const target = outdated.findLast(({ sequence }) => sequence - begin <= batchSize) ?? outdated[0];
  if (!target) return null;
  await moveAnchor(tx, target, { before, now, takeKey });
  const gone = await deleteEntriesUpTo(tx, target.sequence);
  while (await deleteReplaced(tx, target, replacedBatchSize));
  return gone;
}

/** Seals and checkpoints up to the anchor prove nothing more. Those of a dropped partition are many: each batch commits. */
async function removeReplaced(em: EntityManager): Promise<void> {
  const anchor = await findAnchor(em);
  if (!anchor) return;
  while (await em.transactional((tx) => deleteReplaced(tx, anchor, replacedBatchSize)));
}
