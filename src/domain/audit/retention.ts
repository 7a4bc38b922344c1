/** Removes the entries past AUDIT_RETENTION from the beginning of the chain. A signed anchor replaces them. */
import { findAnchor, findCheckpoints, removeUpTo } from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { signAnchor } from '../../security/audit-chain.ts';
import type { SigningAuditKey } from './keys.ts';

/** The approximate number of entries in a batch. */
const batchSize = 1000;

export interface Removal {
  /** Only entries that occurred before this time. */
  before: Date;
  now: Date;
  takeKey(): Promise<SigningAuditKey>;
}

/** The caller holds the lock of the chain. @returns the number of removed entries; null: no entry is past retention */
export async function removeBatch(tx: EntityManager, { before, now, takeKey }: Removal): Promise<number | null> {
  const anchor = await findAnchor(tx);
  const candidates = await findCheckpoints(tx, anchor?.number ?? 0, 100);
  // The newest one stays: the chain continues after it. Entries of a checkpoint occurred before it was signed.
  const outdated = candidates.slice(0, -1).filter(({ signedAt }) => new Date(signedAt) < before);
  const begin = anchor?.sequence ?? 0;
  const target = outdated.findLast(({ sequence }) => sequence - begin <= batchSize) ?? outdated[0];
  if (!target) return null;
  const { kid, privateKey } = await takeKey();
  const { number, sequence, hash } = target;
  const removedBefore = before.toISOString();
  const signed = { number, sequence, hash, signedAt: now.toISOString(), removedBefore, kid };
  return removeUpTo(tx, { ...signed, signature: signAnchor(privateKey, signed) });
}
