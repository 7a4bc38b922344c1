/** Which actions the security overview counts, and their counting when entries are sealed. */
import { countSealed, readCountedSequence } from '../../persistence/audit/activity.ts';
import type { EntityManager } from '../../persistence/entity-manager.ts';
import type { AuditAction } from './actions.ts';

export const countedActions = {
  signIns: ['session.started'],
  /** Rejected passwords, codes and passkeys. */
  signInFailures: ['login.refused', 'code.refused', 'mfa.code_refused', 'passkey.refused'],
  locks: ['account.locked'],
  tokenReuses: ['token.reuse_detected'],
  registrations: ['user.created'],
} as const satisfies Record<string, readonly AuditAction[]>;

/** In one transaction: the entries that an earlier version of Postern sealed are counted as well, step by step. */
const maxSeals = 10_000;

/** The caller holds the lock of the chain. @param sequence the number of the newest seal */
export async function countNewSeals(tx: EntityManager, sequence: number): Promise<void> {
  const after = await readCountedSequence(tx);
  await countSealed(tx, { after, upTo: Math.min(sequence, after + maxSeals) }, countedActions);
}
