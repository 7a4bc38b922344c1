/** Sends the code that answers a ticket. */
import type { MfaTicket } from '../../persistence/sign-in/mfa-ticket.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type BegunCode, spendNewestCode } from '../factors/code-flows.ts';
import { mailCode } from '../factors/mailed-codes.ts';
import { sendSmsCode } from '../factors/phone-factor.ts';
import type { MfaMethod } from '../factors/second-factors.ts';
import { type LockedUser, lockUser } from '../locked-user.ts';
import { type Transaction, transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';
import { findTicket, refuseTicket } from './second-step.ts';

export interface MfaCodeRequest {
  ticket: string;
  method: MfaMethod;
}

/** @throws Refusal INVALID_MFA_TICKET, MFA_NOT_ENABLED, RATE_LIMITED, SERVICE_BUSY over a budget, BAD_USER_INPUT */
export async function beginMfaCode(
  unit: SignInDeps,
  caller: Caller,
  { ticket, method }: MfaCodeRequest,
): Promise<BegunCode> {
  if (method !== 'EMAIL_CODE' && method !== 'SMS_CODE') throw nothingToSend();
  const found = await findTicket(unit, caller, ticket);
  const begun = await transact<BegunCode | null>(unit, caller, async (transaction) => {
    const user = await lockUser(transaction.tx, found.user.id, { status: 'ACTIVE' });
    if (!user) return null;
    if (method === 'SMS_CODE') return sendSmsCode(unit, transaction, user, found);
    if (!takesMailCode(user, found)) return new Refusal('MFA_NOT_ENABLED');
    return mailCode(unit, transaction, caller, user, { purpose: 'SECOND_STEP', boundTo: found.id });
  });
  return begun ?? refuseTicket(unit, caller);
}

/** A mailbox proves one factor, once. It is the second step of accounts that have no other. */
function takesMailCode({ mfaEnabledAt }: LockedUser, { methods }: MfaTicket): boolean {
  return mfaEnabledAt == null && !methods.includes('EMAIL_CODE');
}

/** Spends the code. What it wrote is kept, also for a wrong one. */
export async function spendMailCode(
  unit: SignInDeps,
  { tx, now }: Transaction,
  user: LockedUser,
  ticket: MfaTicket,
  code: string,
): Promise<boolean> {
  const occasion = { channel: 'EMAIL', purpose: 'SECOND_STEP', boundTo: ticket.id } as const;
  return takesMailCode(user, ticket) && spendNewestCode(unit, tx, { ...occasion, userId: user.id, code, now });
}

function nothingToSend(): Refusal {
  const message = 'Only codes of a mail or an SMS are sent. Send EMAIL_CODE or SMS_CODE.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.method', code: 'NO_CODE', message }] });
}
