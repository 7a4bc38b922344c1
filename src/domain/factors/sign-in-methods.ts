/** What a user can sign in with. The last way in cannot be removed: the account would be lost to its owner. */
import type { EntityManager } from '../../persistence/entity-manager.ts';
import { findWaysIn } from '../../persistence/factors/ways-in.ts';
import type { AuthMethod } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { Unit } from '../transaction.ts';

export interface SignInMethods {
  hasPassword: boolean;
  /** The methods that start a session by themselves. */
  signInMethods: AuthMethod[];
}

export function findSignInMethods({ em, clock }: Unit, userId: string): Promise<SignInMethods> {
  return signInMethodsOf(em.fork(), userId, clock.now());
}

export async function signInMethodsOf(em: EntityManager, userId: string, now: Date): Promise<SignInMethods> {
  const ways = await findWaysIn(em, userId, now);
  const hasPassword = ways?.hasPassword ?? false;
  const signInMethods: AuthMethod[] = [
    ...(hasPassword ? (['PASSWORD'] as const) : []),
    ...(ways && ways.passkeys > 0 ? (['PASSKEY'] as const) : []),
  ];
  return { hasPassword, signInMethods };
}

/**
 * Call it after the removal, in its transaction and under the lock of the user.
 * @throws Refusal CONFLICT, which rolls the removal back
 */
export async function assertWayIn(tx: EntityManager, userId: string, now: Date): Promise<void> {
  const { signInMethods } = await signInMethodsOf(tx, userId, now);
  if (signInMethods.length === 0) throw new Refusal('CONFLICT', { reason: 'LAST_WAY_IN' });
}
