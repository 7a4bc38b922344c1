/**
 * Exports the audit trail as lines of JSON. The file and the public key are enough to verify it, without the database.
 * It contains personal data that was not purged. It is read in chunks.
 *
 * The first line names the start. Then each batch of entries is followed by the checkpoint that signs it. The last line is
 * the end.
 */

import { findPurgesAfter } from '../../persistence/audit/audit-chain.ts';
import { findAnchor, findCheckpointBefore } from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import type { Anchor, Checkpoint } from '../../security/audit-chain.ts';
import { readBatches } from './integrity.ts';
import { listAuditKeys } from './keys.ts';
import type { Link } from './link.ts';
import { EmptiedEntries, purgeFrom } from './purges.ts';

export const exportVersion = 1;

/**
 * @param since only entries from this time on, and entries of the same batch; null: all
 * @returns whole lines, several at once
 */
export async function* exportTrail(em: EntityManager, since: Date | null): AsyncGenerator<string> {
  const signedBefore = since && (await findCheckpointBefore(em, { signedBefore: since }));
  const start = signedBefore ?? (await findAnchor(em));
  const keys = await listAuditKeys(em);
  yield line({ type: 'trail', version: exportVersion, keys, start: start && signedPart(start) });
  const emptied = new EmptiedEntries();
  let [entries, expected] = [0, (start?.sequence ?? 0) + 1];
  for await (const { links, checkpoint } of readBatches(em, start)) {
    // The next export contains entries that are sealed and not signed yet.
    if (checkpoint === null) break;
    if (links.length > 0 && links[0]?.sequence !== expected) throw new RemovedMeanwhile();
    if (links.some(({ entry }) => entry === null)) await refuseRemoved(em, start);
    for (const link of links) collectEmptied(emptied, link);
    yield [...links.map(entryLine), line({ type: 'checkpoint', ...signedPart(checkpoint) })].join('');
    entries += links.length;
    expected += links.length;
  }
  await refuseUnsealedPurge(em, emptied, expected - 1);
  yield line({ type: 'end', entries });
}

function collectEmptied(emptied: EmptiedEntries, { sequence, entry, personal }: Link): void {
  if (entry === null) return;
  if (personal.salt === null) emptied.add(entry, sequence);
  emptied.explainBy(entry);
}

class RemovedMeanwhile extends Error {
  constructor() {
    super('retention removed entries during the export: start the export again');
  }
}

/** Retention drops entries before their seals. Without a newer anchor, the entry was lost, and the file shows it. */
async function refuseRemoved(em: EntityManager, start: { sequence: number } | null): Promise<void> {
  const anchor = await findAnchor(em);
  if (anchor && anchor.sequence > (start?.sequence ?? 0)) throw new RemovedMeanwhile();
}

/** The file would hold emptied entries without the purge that explains them. */
async function refuseUnsealedPurge(em: EntityManager, emptied: EmptiedEntries, sequence: number): Promise<void> {
  const before = emptied.size;
  for (const purge of await findPurgesAfter(em, sequence)) emptied.explainBy(purgeFrom(purge));
  if (emptied.size === before) return;
  throw new Error('an account was purged during the export: start the export again in ten seconds');
}

function entryLine({ sequence, hash, entry, personal }: Link): string {
  return line({ type: 'entry', sequence, hash, entry, personal });
}

/** What is signed and the signature, without what is bookkeeping. */
export function signedPart(row: Checkpoint | Anchor): Checkpoint | Anchor {
  const { number, sequence, hash, signedAt, kid, signature } = row;
  const common = { number, sequence, hash, signedAt, kid, signature };
  return 'removedBefore' in row
    ? { ...common, removedBefore: row.removedBefore }
    : { ...common, completeUntil: row.completeUntil };
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
