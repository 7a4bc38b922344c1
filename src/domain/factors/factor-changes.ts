/** What follows when a user adds or removes a second factor: the state of the user, the sessions, audit and mail. */
import { LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { type Caller, viewerOf } from '../caller.ts';
import type { LockedUser } from '../locked-user.ts';
import { recordProof } from '../sessions/factor-proof.ts';
import { revokeSessions } from '../sessions/revoke.ts';
import type { Transaction } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';
import { type SecondFactor, settleSecondFactors } from './second-factors.ts';

export interface FactorChange {
  method: SecondFactor;
  /** Which, where a user can have several. */
  passkeyId?: string;
}

/**
 * The session has now proven the factor. The first factor revokes the other sessions: they began when the password was
 * enough.
 */
export async function factorAdded(
  deps: FactorDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  details: FactorChange,
): Promise<void> {
  const { tx, now, audit } = transaction;
  const { id } = viewerOf(caller).session;
  const isFirst = user.mfaEnabledAt == null;
  await settleSecondFactors(tx, user, now);
  // After the lock of the user, and with the other sessions in the order in which all callers lock them.
  if (isFirst) await revokeSessions(tx, caller, { user, id: { $ne: id } }, 'factor_added', now);
  const family = await tx.findOneOrFail(TokenFamily, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  recordProof(tx, family, { method: details.method, id: details.passkeyId ?? user.id });
  audit({ action: 'mfa.enabled', target: { type: 'user', id: user.id }, details });
  await mailChange(deps, transaction, caller, user, 'mfa_enabled', details);
}

/** Sessions that proved this factor and no other are AAL1 from now on. */
export async function factorRemoved(
  deps: FactorDeps,
  transaction: Transaction,
  caller: Caller,
  user: LockedUser,
  details: FactorChange,
): Promise<void> {
  const { tx, now, audit } = transaction;
  await settleSecondFactors(tx, user, now);
  audit({ action: 'mfa.disabled', target: { type: 'user', id: user.id }, details });
  await mailChange(deps, transaction, caller, user, 'mfa_disabled', details);
}

async function mailChange(
  deps: FactorDeps,
  { tx, now }: Transaction,
  caller: Caller,
  user: LockedUser,
  kind: 'mfa_enabled' | 'mfa_disabled',
  { method }: FactorChange,
): Promise<void> {
  const change = { method, changedAt: now.toISOString(), ipAddress: caller.client.ipAddress };
  await mailWithNotMe(deps, tx, { user, sessionId: viewerOf(caller).session.id }, (token, reader) => {
    return { kind, ...reader, variables: { token, ...change } };
  });
}
