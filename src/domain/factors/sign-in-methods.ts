/** What a user can sign in with. The last way in cannot be removed: the account would be lost to its owner. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { findWaysIn } from '../../persistence/factors/ways-in.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { SignInMethod } from '../settings.ts';
import { transact } from '../transaction.ts';
import type { FactorDeps } from './deps.ts';

export interface SignInMethods {
  hasPassword: boolean;
  /** The enabled methods that start a session of this user by themselves. */
  signInMethods: SignInMethod[];
}

type Deps = { settings: Pick<FactorDeps['settings'], 'federation' | 'signInMethods'> };

export function findSignInMethods(deps: Deps & Pick<FactorDeps, 'em' | 'clock'>, userId: string) {
  return signInMethodsOf(deps, deps.em.fork(), userId, deps.clock.now());
}

export async function signInMethodsOf(
  { settings }: Deps,
  em: EntityManager,
  userId: string,
  now: Date,
): Promise<SignInMethods> {
  const ways = await findWaysIn(em, { userId, configured: settings.federation.providers, now });
  if (!ways) return { hasPassword: false, signInMethods: [] };
  const { hasPassword, passkeys, identities, emailVerified } = ways;
  const has = { PASSWORD: hasPassword, PASSKEY: passkeys > 0, FEDERATED: identities > 0, EMAIL_CODE: emailVerified };
  return { hasPassword, signInMethods: settings.signInMethods.filter((method) => has[method]) };
}

/**
 * Call it after the removal, in its transaction and under the lock of the user.
 * @throws Refusal CONFLICT, which rolls the removal back
 */
export async function assertWayIn(deps: Deps, tx: EntityManager, userId: string, now: Date): Promise<void> {
  const { signInMethods } = await signInMethodsOf(deps, tx, userId, now);
  if (signInMethods.length === 0) throw new Refusal('CONFLICT', { reason: 'LAST_WAY_IN' });
}

/** @throws Refusal FORBIDDEN when the operator has disabled the method */
export async function assertMethodEnabled(unit: FactorDeps, caller: Caller, method: SignInMethod): Promise<void> {
  if (unit.settings.signInMethods.includes(method)) return;
  unit.metrics.signIn('method_disabled');
  await transact<void>(unit, caller, async ({ audit }) => {
    const details = { reason: 'method_disabled' } as const;
    audit({ action: 'login.refused', outcome: 'DENIED', ...noActor, details });
    return new Refusal('FORBIDDEN', { reason: 'METHOD_DISABLED', detail: method });
  });
}
