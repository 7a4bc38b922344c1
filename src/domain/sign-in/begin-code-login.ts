/**
 * Mails a code to sign in with, and a link for the same browser. The operation is neutral: neither the answer nor the
 * database work tells whether the address has an account.
 */
import { findCodeAccount } from '../../persistence/accounts/accounts-by-address.ts';
import { keyedHash } from '../../security/keys/keyed-hash.ts';
import { isChallenge } from '../../security/tokens/code-challenge.ts';
import { assertCaptchaWhenDue } from '../attempts/captcha-due.ts';
import { noActor } from '../audit/record.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { type BegunCode, begunCode, mintFlow } from '../factors/code-flows.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { sourceOf } from '../source.ts';
import { invalidEmail, normaliseEmail } from '../text/email-address.ts';
import { maskedAddress } from '../text/masked-address.ts';
import { transact } from '../transaction.ts';
import type { SignInDeps } from './deps.ts';

export interface CodeLoginRequest {
  email: string;
  /** S256 of the verifier that the browser keeps (RFC 7636); null: the mail has no link. */
  codeChallenge?: string | null | undefined;
}

/** Of one occasion: a sign-in has neither a session nor a ticket. */
export const signInByMail = { channel: 'EMAIL', purpose: 'SIGN_IN', boundTo: null } as const;

/**
 * The limit of mails is also that of the codes of an address: at most three of one network are valid at a time. A code
 * never ends another one, so an attacker cannot cancel the sign-in of the owner.
 * @throws Refusal FORBIDDEN, BAD_USER_INPUT, CAPTCHA_REQUIRED
 */
export async function beginCodeLogin(unit: SignInDeps, caller: Caller, request: CodeLoginRequest): Promise<BegunCode> {
  await assertMethodEnabled(unit, caller, 'EMAIL_CODE');
  const { email, challenge } = checked(request);
  await assertCaptchaWhenDue(unit, caller, 'CODE_LOGIN', email);
  return transact<BegunCode>(unit, caller, async ({ tx, now, audit, mail }) => {
    const { ipAddress } = caller.client;
    const account = await findCodeAccount(tx, email);
    const minted = mintFlow(unit, now, { ...signInByMail, address: email, challenge });
    const { code, token } = minted;
    const variables = { code, token, requestedAt: now.toISOString(), ipAddress };
    const letter = { kind: 'sign_in_code', to: email, locale: account?.locale ?? null, variables } as const;
    const counted = { type: 'sign_in_code', source: sourceOf(ipAddress) } as const;
    const isAccepted = account ? await mail(letter, counted) : await unit.outbox.pretend(tx, letter, now, counted);
    // Without a mail, nobody can use the code. The row is stored all the same, so that wrong codes are answered the same.
    await minted.store(tx, isAccepted && account ? account.id : null);
    audit({
      action: 'code.requested',
      ...noActor,
      ...(account && { target: { type: 'user', id: account.id } }),
      details: {
        addressHash: keyedHash(unit.keyRing, email).toString('base64url'),
        ...{ channel: 'EMAIL', purpose: 'SIGN_IN' },
        result: !account ? 'no_account' : isAccepted ? 'sent' : 'withheld',
      },
    });
    return begunCode(minted, 'EMAIL', maskedAddress(email));
  });
}

function checked({ email: emailText, codeChallenge: challenge = null }: CodeLoginRequest) {
  const email = normaliseEmail(emailText);
  const message = 'Use the base64url SHA-256 of the code verifier.';
  const fields = [
    ...(email === null ? [invalidEmail('input.email')] : []),
    ...(challenge === null || isChallenge(challenge)
      ? []
      : [{ path: 'input.codeChallenge', code: 'INVALID', message }]),
  ];
  if (email === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return { email, challenge };
}
