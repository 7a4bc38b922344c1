/** Proves a mailbox, by the code of a mail or by its link. Codes are counted as passwords are: by the account of the address. */
import { findCodeAccount } from '../../persistence/accounts/accounts-by-address.ts';
import { type OpenFlow, useFlow } from '../../persistence/sign-in/code-flows.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { type Attempt, uncountedAttempt } from '../attempts/attempt.ts';
import { trustedDeviceOf } from '../attempts/trusted-devices.ts';
import type { CodeRefusal } from '../audit/actions.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { addressOf, compareCode } from '../factors/code-flows.ts';
import type { LockedUser } from '../locked-user.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import type { Claim, Proof, Rejected } from './proof.ts';
import { reserveAttemptAt } from './sign-in-attempt.ts';
import type { CheckedOptions } from './sign-in-options.ts';

export interface MailCodeRequest extends CheckedOptions {
  flow: OpenFlow;
  /** As typed; null: the link with the verifier of its browser, which cannot be guessed. */
  code: string | null;
}

export function mailCodeProof(unit: SignInDeps, caller: Caller, request: MailCodeRequest): Proof<CodeRefusal> {
  const { flow, code } = request;
  const email = addressOf(unit, flow);
  const record = (reason: CodeRefusal) => recordRefusal(unit, caller, reason, email);
  return {
    reserve: async () =>
      code === null ? uncountedAttempt : reserveAttemptAt(unit, caller, email, { refused: record }),
    prove: async ({ trustedDevice }) =>
      prove(unit, request, code === null ? await trustedDeviceOf(unit, caller, email) : trustedDevice),
    spend: (transaction, user) => spend(transaction, user, { id: flow.id, email }),
    async reject(reason, attempt) {
      const known = reason === 'changed_meanwhile' ? 'unknown_flow' : reason;
      await record(known);
      return settle(unit, caller, known, attempt);
    },
  };
}

async function prove(
  unit: SignInDeps,
  { flow: { id, userId }, code, rememberMe, deviceName, delivery }: MailCodeRequest,
  trustedDevice: string | null,
): Promise<Claim | Rejected<CodeRefusal>> {
  const now = unit.clock.now();
  const compared = code === null ? 'right' : await compareCode(unit, unit.em.fork(), { id, code, now });
  if (compared === 'closed') return { rejected: 'locked' };
  if (compared === 'wrong' || userId === null) return { rejected: 'wrong_code' };
  return { userId, delivery, options: { rememberMe, deviceName, trustedDevice } };
}

/** The mailbox of another address proves nothing: the address of the account may have changed since. */
async function spend(
  { tx, now, audit }: Transaction,
  user: LockedUser,
  { id, email }: { id: string; email: string },
): Promise<{ methods: ['EMAIL_CODE']; factor: null } | Rejected<CodeRefusal>> {
  if (user.email !== email || !(await useFlow(tx, { id, now }))) return { rejected: 'unknown_flow' };
  if (user.status === 'ACTIVE' && user.emailVerifiedAt == null) {
    // Another person may have entered the address and given the account another way in since the mail.
    if ((await findCodeAccount(tx, email)) === null) return { rejected: 'unknown_flow' };
    user.emailVerifiedAt = now;
    const owner = { actorId: user.id, sessionId: null, target: { type: 'user', id: user.id } } as const;
    audit({ action: 'email.verified', ...owner, details: { through: 'code' } });
  }
  return { methods: ['EMAIL_CODE'], factor: null };
}

/** Only a wrong code uses up the attempt. */
async function settle(unit: SignInDeps, caller: Caller, reason: CodeRefusal, attempt: Attempt): Promise<never> {
  if (reason === 'wrong_code') {
    return transact<never>(unit, caller, async (transaction) => {
      await attempt.fail(transaction);
      return new Refusal('INVALID_CREDENTIALS', { detail: reason });
    });
  }
  if (reason === 'suspended') {
    await attempt.succeed(unit.em);
    throw new Refusal('ACCOUNT_SUSPENDED');
  }
  await attempt.release(unit.em);
  throw new Refusal('INVALID_TOKEN', { detail: reason });
}

/** @throws Refusal INVALID_TOKEN */
export async function refuseFlow(unit: SignInDeps, caller: Caller, reason: CodeRefusal): Promise<never> {
  await recordRefusal(unit, caller, reason, null);
  throw new Refusal('INVALID_TOKEN', { detail: reason });
}

/** @param email null: unknown */
async function recordRefusal(
  unit: SignInDeps,
  caller: Caller,
  reason: CodeRefusal,
  email: string | null,
): Promise<void> {
  unit.metrics.signIn(reason);
  await transact<void>(unit, caller, async ({ audit }) => {
    audit({
      action: 'code.refused',
      outcome: reason === 'locked' || reason === 'source_limited' ? 'DENIED' : 'FAILURE',
      ...noActor,
      details: {
        ...(email !== null && { addressHash: keyedHash(unit.keyRing, email).toString('base64url') }),
        ...{ channel: 'EMAIL', reason },
      },
    });
  });
}
