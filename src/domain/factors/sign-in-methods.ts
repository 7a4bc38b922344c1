/** What a user can sign in with. The last way in cannot be removed: the account would be lost to its owner. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { findWaysIn } from '../../persistence/factors/ways-in.ts';
import type { AuthMethod } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { FactorDeps } from './deps.ts';

export interface SignInMethods {
  hasPassword: boolean;
  /** The methods that start a session by themselves. */
  signInMethods: AuthMethod[];
}

type Deps = { settings: Pick<FactorDeps['settings'], 'federation'> };

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
  const hasPassword = ways?.hasPassword ?? false;
  const signInMethods: AuthMethod[] = [
    ...(hasPassword ? (['PASSWORD'] as const) : []),
    ...(ways && ways.passkeys > 0 ? (['PASSKEY'] as const) : []),
    ...(ways && ways.identities > 0 ? (['FEDERATED'] as const) : []),
  ];
  return { hasPassword, signInMethods };
}

/**
 * Call it after the removal, in its transaction and under the lock of the user.
 * @throws Refusal CONFLICT, which rolls the removal back
 */
export async function assertWayIn(deps: Deps, tx: EntityManager, userId: string, now: Date): Promise<void> {
  const { signInMethods } = await signInMethodsOf(deps, tx, userId, now);
  if (signInMethods.length === 0) throw new Refusal('CONFLICT', { reason: 'LAST_WAY_IN' });
}
