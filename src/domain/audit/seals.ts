/** Numbers and hashes the next entries of the chain. */
import type { EntryRow } from '../../persistence/audit/audit-chain.ts';
import { chainHash, genesisHash } from '../../security/audit-chain.ts';
import { sealedFormOf } from './link.ts';

/** The seals that continue the chain. @returns also the number and the hash of the last one */
export function sealsOf(last: { sequence: number; hash: string } | null, entries: readonly EntryRow[]) {
  let sequence = last?.sequence ?? 0;
  let hash = last?.hash ?? genesisHash;
  const seals = entries.map((entry) => {
    sequence += 1;
    hash = chainHash(hash, sequence, sealedFormOf(entry));
    return { sequence, entryId: entry.id, hash };
  });
  return { seals, sequence, hash };
}
