/** Reserves an attempt to sign in to the account of an address, and records why it is refused. */
import type { ReservedAttempt } from '../attempts/attempt.ts';
import { reserveSignInAttempt } from '../attempts/sign-in-attempts.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import type { SignInDeps } from './deps.ts';

interface Recorders {
  refused(reason: 'locked' | 'source_limited'): Promise<void>;
  /** Absent: the proof needs no captcha. */
  captcha?(): Promise<void>;
}

/** @throws Refusal TOO_MANY_ATTEMPTS, RATE_LIMITED, CAPTCHA_REQUIRED, SERVICE_BUSY */
export async function reserveAttemptAt(
  unit: SignInDeps,
  caller: Caller,
  email: string,
  record: Recorders,
): Promise<ReservedAttempt> {
  try {
    return await reserveSignInAttempt(unit, caller, email, record.captcha ? 'LOGIN' : null);
  } catch (error) {
    const code = error instanceof Refusal ? error.code : null;
    if (code === 'TOO_MANY_ATTEMPTS') await record.refused('locked');
    if (code === 'RATE_LIMITED') await record.refused('source_limited');
    if (code === 'CAPTCHA_REQUIRED') await record.captcha?.();
    throw error;
  }
}
