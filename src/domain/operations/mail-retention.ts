/**
 * Removes the records of delivered and given-up mails after 30 days. Whole weeks are dropped with their partition; other
 * records are deleted one by one.
 */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { deleteExpired } from '../../persistence/operations/clean-up.ts';
import { dropUnlessNeeded } from '../../persistence/partitions/drop.ts';
import { findPartitions, holds, isOfPeriod } from '../../persistence/partitions/partition-list.ts';
import { secondsAfter } from '../clock.ts';
import { firstIdOf } from '../ids.ts';

const table = 'outbox_mails';
const keptSeconds = 30 * 24 * 60 * 60;

/** Mails that are not sent yet stay at any age. @returns the number of removed records */
export async function removeOldMails(em: EntityManager, now: Date, partitions: boolean): Promise<number> {
  const before = secondsAfter(now, -keptSeconds);
  const dropped = partitions ? await dropWeeks(em, firstIdOf(before)) : 0;
  const only = { text: "state <> 'pending'", values: [] };
  const waiting = partitions ? await rowsThatWait(em, firstIdOf(before)) : null;
  const rule = { table, column: 'created_at', before } as const;
  return dropped + (await deleteExpired(em, { ...rule, only: waiting ?? only }));
}

async function dropWeeks(em: EntityManager, end: string): Promise<number> {
  let total = 0;
  for (const { name, to } of await findPartitions(em, table)) {
    if (to !== null && to <= end)
      total += await dropUnlessNeeded(em, { table, partition: name, needed: "state = 'pending'" });
  }
  return total;
}

/** The week that is past retention in part waits for the drop of its partition. */
async function rowsThatWait(em: EntityManager, end: string) {
  const week = (await findPartitions(em, table)).filter(isOfPeriod).find((partition) => holds(partition, end));
  if (!week) return null;
  return { text: "state <> 'pending' and (id < ? or id >= ?)", values: [week.from, week.to] };
}
