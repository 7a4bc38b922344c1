/** Moves the beginning of the chain: retention removes the entries before it. */
import { insertAnchor } from '../../persistence/audit/audit-checkpoints.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { signAnchor } from '../../security/audit-chain.ts';
import type { SigningAuditKey } from './keys.ts';

export interface Removal {
  /** Only entries that occurred before this time. */
  before: Date;
  now: Date;
  takeKey(tx: EntityManager): Promise<SigningAuditKey>;
}

/** The same transaction removes the entries up to the checkpoint. */
export async function moveAnchor(
  tx: EntityManager,
  { number, sequence, hash }: { number: number; sequence: number; hash: string },
  { before, now, takeKey }: Removal,
): Promise<void> {
  const { kid, privateKey } = await takeKey(tx);
  const signed = { number, sequence, hash, signedAt: now.toISOString(), removedBefore: before.toISOString(), kid };
  await insertAnchor(tx, { ...signed, signature: signAnchor(privateKey, signed) });
}
