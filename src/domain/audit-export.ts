/**
 * The audit trail as lines of JSON, with everything that proves it: who has the file and the public key needs no
 * database to check it. It holds personal data where that was not purged. Reads in chunks, whatever the length.
 *
 * First a line of where it begins, then entries, each run of them followed by the checkpoint that signs it, then the end.
 */
import type { EntityManager } from '../persistence/entity-manager.ts';
import { findAnchor, findCheckpointBefore, type LinkRow } from '../persistence/queries/audit-chain.ts';
import type { Anchor, Checkpoint } from '../security/audit-chain.ts';
import { readBatches } from './audit-integrity.ts';
import { listAuditKeys } from './audit-keys.ts';
import { linkFrom } from './audit-link.ts';

export const exportVersion = 1;

/**
 * @param since entries that occurred from then on, and those that were sealed together with them; null: all
 * @returns whole lines, several at once
 */
export async function* exportTrail(em: EntityManager, since: Date | null): AsyncGenerator<string> {
  const signedBefore = since && (await findCheckpointBefore(em, { signedBefore: since }));
  const start = signedBefore ?? (await findAnchor(em));
  const keys = await listAuditKeys(em);
  yield line({ type: 'trail', version: exportVersion, keys, start: start && signedPart(start) });
  let [entries, expected] = [0, (start?.sequence ?? 0) + 1];
  for await (const { rows, checkpoint } of readBatches(em, start)) {
    // What is sealed and not signed yet comes with the next export.
    if (checkpoint === null) break;
    if (rows.length > 0 && rows[0]?.sequence !== expected) {
      throw new Error('entries were removed by retention while they were being exported: begin anew');
    }
    yield [...rows.map(entryLine), line({ type: 'checkpoint', ...signedPart(checkpoint) })].join('');
    entries += rows.length;
    expected += rows.length;
  }
  yield line({ type: 'end', entries });
}

function entryLine(row: LinkRow): string {
  const { sequence, hash, entry, personal } = linkFrom(row);
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
