/** Reserves an attempt to sign in to the account of an address, and records why it is refused. */
import type { ReservedAttempt } from '../attempts/attempt.ts';
import { reserveSignInAttempt } from '../attempts/sign-in-attempts.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { SignInDeps } from './deps.ts';

/** @throws Refusal TOO_MANY_ATTEMPTS, RATE_LIMITED, SERVICE_BUSY */
export async function reserveAttemptAt(
  unit: SignInDeps,
  caller: Caller,
  email: string,
  record: (reason: 'locked' | 'source_limited') => Promise<void>,
): Promise<ReservedAttempt> {
  try {
    return await reserveSignInAttempt(unit, caller, email);
  } catch (error) {
    const code = error instanceof Refusal ? error.code : null;
    if (code === 'TOO_MANY_ATTEMPTS') await record('locked');
    if (code === 'RATE_LIMITED') await record('source_limited');
    throw error;
  }
}
