/** What follows when a second factor comes or goes, whichever kind it is: the user's state, the sessions, audit and mail. */

import type { User } from '../../persistence/accounts/user.ts';
import { type EntityManager, LockMode } from '../../persistence/entity-manager.ts';
import { TokenFamily } from '../../persistence/sessions/token-family.ts';
import { mailWithNotMe } from '../access/not-me.ts';
import { recordByViewer } from '../audit/record.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { noteProof } from '../sessions/factor-proof.ts';
import { endFamilies } from '../sessions/sessions.ts';
import type { FactorDeps } from './deps.ts';
import { type SecondFactor, settleSecondFactors } from './second-factors.ts';

export interface FactorChange {
  method: SecondFactor;
  /** Which, where a user can have several. */
  passkeyId?: string;
}

/**
 * Under the user's lock. The session has now proven the factor. The first factor ends the other sessions: they began
 * when the password was enough.
 */
export async function factorAdded(
  deps: FactorDeps,
  tx: EntityManager,
  caller: Caller,
  user: User,
  details: FactorChange,
): Promise<void> {
  const now = deps.clock.now();
  const { session } = viewerOf(caller);
  const isFirst = user.mfaEnabledAt == null;
  await settleSecondFactors(tx, user, now);
  // After the user's lock, and with the other sessions in their one order.
  if (isFirst) await endFamilies(tx, caller, { user, id: { $ne: session.id } }, 'factor_added', now);
  const family = await tx.findOneOrFail(TokenFamily, { id: session.id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  noteProof(tx, family, { method: details.method, id: details.passkeyId ?? user.id });
  const target = { type: 'user', id: user.id } as const;
  recordByViewer(tx, caller, now, { action: 'mfa.enabled', target, details });
  await tell(deps, tx, caller, user, 'mfa_enabled', details);
}

/** Under the user's lock. Sessions that proved the factor and no other are AAL1 from now on. */
export async function factorRemoved(
  deps: FactorDeps,
  tx: EntityManager,
  caller: Caller,
  user: User,
  details: FactorChange,
): Promise<void> {
  const now = deps.clock.now();
  await settleSecondFactors(tx, user, now);
  const target = { type: 'user', id: user.id } as const;
  recordByViewer(tx, caller, now, { action: 'mfa.disabled', target, details });
  await tell(deps, tx, caller, user, 'mfa_disabled', details);
}

async function tell(
  deps: FactorDeps,
  tx: EntityManager,
  caller: Caller,
  user: User,
  kind: 'mfa_enabled' | 'mfa_disabled',
  { method }: FactorChange,
): Promise<void> {
  const change = { method, changedAt: deps.clock.now().toISOString(), ipAddress: caller.client.ipAddress };
  await mailWithNotMe(deps, tx, { user, sessionId: viewerOf(caller).session.id }, (token, reader) => {
    return { kind, ...reader, variables: { token, ...change } };
  });
}
