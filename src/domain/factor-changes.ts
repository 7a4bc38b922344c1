/** What follows when a second factor comes or goes, whichever kind it is: the user's state, the session, audit and mail. */
import { TokenFamily } from '../persistence/entities/token-family.ts';
import type { User } from '../persistence/entities/user.ts';
import { type EntityManager, LockMode } from '../persistence/entity-manager.ts';
import { recordByViewer } from './audit.ts';
import { type Caller, type Viewer, viewerOf } from './caller.ts';
import type { DomainDependencies } from './dependencies.ts';
import { type SecondFactor, settleSecondFactors } from './second-factors.ts';

export interface FactorChange {
  method: SecondFactor;
  /** Which, where a user can have several. */
  passkeyId?: string;
}

/** Under the user's lock. The session has now seen two factors. */
export async function factorAdded(
  deps: DomainDependencies,
  tx: EntityManager,
  caller: Caller,
  user: User,
  details: FactorChange,
): Promise<void> {
  const now = deps.clock.now();
  await settleSecondFactors(tx, user, now);
  await liftSession(tx, viewerOf(caller), details.method);
  const target = { type: 'user', id: user.id } as const;
  recordByViewer(tx, caller, now, { action: 'mfa.enabled', target, details });
  await tell(deps, tx, caller, user, 'mfa_enabled', details);
}

/** Under the user's lock. */
export async function factorRemoved(
  deps: DomainDependencies,
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

/** After the user's lock, as everybody does who takes both. */
async function liftSession(tx: EntityManager, viewer: Viewer, method: SecondFactor): Promise<void> {
  const id = viewer.session.id;
  const family = await tx.findOneOrFail(TokenFamily, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  family.assurance = 'AAL2';
  family.methods = [...new Set([...family.methods, method])];
}

async function tell(
  { clock, outbox }: DomainDependencies,
  tx: EntityManager,
  { client }: Caller,
  user: User,
  kind: 'mfa_enabled' | 'mfa_disabled',
  { method }: FactorChange,
): Promise<void> {
  const now = clock.now();
  const variables = { method, changedAt: now.toISOString(), ipAddress: client.ipAddress };
  await outbox.enqueue(tx, { kind, to: user.email, locale: user.locale, variables }, now);
}
