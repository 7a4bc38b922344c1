/** Authenticates a session again by a code in the mail of its user. */
import { type OpenFlow, useFlow } from '../../persistence/sign-in/code-flows.ts';
import { withAttempt } from '../attempts/attempt.ts';
import { type Caller, viewerOf } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { addressOf, type BegunCode, compareCode, findFlow } from '../factors/code-flows.ts';
import { mailCode } from '../factors/mailed-codes.ts';
import { type LockedUser, lockViewer } from '../locked-user.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { recordRefusedProof, reserveOwnAttempt } from './own-attempt.ts';

export interface OwnMailCode {
  flow: string;
  code: string;
}

/** The code belongs to the session. @throws Refusal UNAUTHENTICATED, RATE_LIMITED */
export function beginReauthenticationCode(unit: SignInDeps, caller: Caller): Promise<BegunCode> {
  const viewer = viewerOf(caller);
  return transact<BegunCode>(unit, caller, async (transaction) => {
    const user = await lockViewer(transaction.tx, viewer, transaction.now);
    return mailCode(unit, transaction, caller, user, { purpose: 'REAUTHENTICATION', boundTo: viewer.session.id });
  });
}

/**
 * Compares the code. It stays valid until it is used, with the rest of the proof.
 * @throws Refusal INVALID_CREDENTIALS, INVALID_TOKEN, TOO_MANY_ATTEMPTS, SERVICE_BUSY
 */
export async function assertMailCode(
  unit: SignInDeps,
  caller: Caller,
  { flow: handle, code }: OwnMailCode,
): Promise<OpenFlow> {
  const viewer = viewerOf(caller);
  const em = unit.em.fork();
  const occasion = { channel: 'EMAIL', purpose: 'REAUTHENTICATION', boundTo: viewer.session.id } as const;
  return withAttempt(unit.em, await reserveOwnAttempt(unit, caller, viewer), async (attempt) => {
    const now = unit.clock.now();
    const flow = await findFlow(em, handle, occasion, now);
    const compared = flow ? await compareCode(unit, em, { id: flow.id, code, now }) : 'closed';
    if (!flow || compared === 'closed') throw closed();
    if (compared === 'right') {
      await attempt.succeed(unit.em);
      return flow;
    }
    return transact<never>(unit, caller, async (transaction) => {
      await attempt.fail(transaction);
      recordRefusedProof(transaction, viewer, 'wrong_code');
      const problem = { path: 'input.emailCode.code', code: 'WRONG_CODE', message: 'The code is wrong.' };
      return new Refusal('INVALID_CREDENTIALS', { fields: [problem] });
    });
  });
}

/** @returns a refusal when it was used meanwhile, or went to an address that the user no longer has */
export async function useMailCode(
  unit: SignInDeps,
  { tx, now }: Transaction,
  user: LockedUser,
  flow: OpenFlow,
): Promise<Refusal | null> {
  const isUsed = addressOf(unit, flow) === user.email && (await useFlow(tx, { id: flow.id, now }));
  return isUsed ? null : closed();
}

function closed(): Refusal {
  return new Refusal('INVALID_TOKEN', { detail: 'no such code' });
}
