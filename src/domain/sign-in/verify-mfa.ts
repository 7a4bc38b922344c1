/** Answers the ticket of a sign-in with a code. */
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { spendSmsCode } from '../factors/phone-factor.ts';
import type { MfaMethod } from '../factors/second-factors.ts';
import { spendCode } from '../factors/spend-code.ts';
import type { SignInDeps } from './deps.ts';
import { spendMailCode } from './mfa-code.ts';
import { findTicket } from './second-step.ts';
import { type SignedIn, signInToEnd } from './sign-in.ts';
import { ticketProof } from './ticket-proof.ts';

export interface MfaAnswer {
  ticket: string;
  method: MfaMethod;
  code: string;
}

/** @throws Refusal INVALID_MFA_TICKET, INVALID_MFA_CODE, TOO_MANY_ATTEMPTS, SERVICE_BUSY, BAD_USER_INPUT */
export async function verifyMfa(
  unit: SignInDeps,
  caller: Caller,
  { ticket, method, code }: MfaAnswer,
): Promise<SignedIn> {
  if (method === 'PASSKEY') throw passkeyHasNoCode();
  const found = await findTicket(unit, caller, ticket);
  const proof = ticketProof(unit, caller, found, method, async (transaction, user) => {
    if (method === 'EMAIL_CODE')
      return (await spendMailCode(unit, transaction, user, found, code)) ? { methods: [method], factor: null } : null;
    const factor =
      method === 'SMS_CODE'
        ? await spendSmsCode(unit, transaction, user, { ticket: found, code })
        : await spendCode(unit, transaction, caller, user, { method, code });
    return factor && { methods: [], factor };
  });
  return signInToEnd(unit, caller, proof);
}

function passkeyHasNoCode(): Refusal {
  const message = 'A passkey has no code. Send the method of your code, or call beginPasskeyLogin.';
  return new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input.method', code: 'NO_CODE', message }] });
}
