/** Signs in with the code of a mail, or with its link in the browser that asked for it. */
import { findByLink, type OpenFlow } from '../../persistence/sign-in/code-flows.ts';
import { challengeOf } from '../../security/tokens/code-challenge.ts';
import { hashMailToken } from '../../security/tokens/mail-tokens.ts';
import type { Caller } from '../caller.ts';
import { Refusal } from '../errors.ts';
import { findFlow } from '../factors/code-flows.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { signInByMail } from './begin-code-login.ts';
import type { SignInDeps } from './deps.ts';
import { mailCodeProof, refuseFlow } from './mail-code-proof.ts';
import type { MfaChallenge } from './second-step.ts';
import { type SignedIn, signIn } from './sign-in.ts';
import { checkedOptions, type SignInOptions } from './sign-in-options.ts';

export interface CodeLoginAnswer extends SignInOptions {
  /** Of `beginCodeLogin`, or the token of the link. */
  flow?: string | null | undefined;
  code?: string | null | undefined;
  /** Of the link. */
  token?: string | null | undefined;
  codeVerifier?: string | null | undefined;
}

/**
 * @returns a challenge instead of a session for users with a second factor
 * @throws Refusal FORBIDDEN, INVALID_TOKEN, INVALID_CREDENTIALS, ACCOUNT_SUSPENDED, TOO_MANY_ATTEMPTS, RATE_LIMITED,
 *   SERVICE_BUSY, BAD_USER_INPUT
 */
export async function completeCodeLogin(
  unit: SignInDeps,
  caller: Caller,
  { flow, code, token, codeVerifier, ...given }: CodeLoginAnswer,
): Promise<SignedIn | MfaChallenge> {
  await assertMethodEnabled(unit, caller, 'EMAIL_CODE');
  const options = checkedOptions(given);
  const answer = oneOf({ flow, code, token, codeVerifier });
  const found = await find(unit, answer);
  if (!found) return refuseFlow(unit, caller, 'unknown_flow');
  const typed = 'code' in answer ? answer.code : null;
  return signIn(unit, caller, mailCodeProof(unit, caller, { ...options, flow: found, code: typed }));
}

type Answer = { flow: string; code: string } | { token: string; codeVerifier: string };

/** A token without its verifier finds nothing and changes nothing: a mail scanner can follow the link. */
async function find({ em, clock }: SignInDeps, answer: Answer): Promise<OpenFlow | null> {
  const now = clock.now();
  if ('flow' in answer) return findFlow(em.fork(), answer.flow, signInByMail, now);
  const tokenHash = hashMailToken(answer.token);
  const challenge = challengeOf(answer.codeVerifier);
  if (tokenHash === null || challenge === null) return null;
  return findByLink(em.fork(), { tokenHash, challenge, ...signInByMail, now });
}

function oneOf({ flow, code, token, codeVerifier }: Pick<CodeLoginAnswer, 'flow' | 'code' | 'token' | 'codeVerifier'>) {
  if (flow != null && code != null && token == null && codeVerifier == null) return { flow, code };
  if (token != null && codeVerifier != null && flow == null && code == null) return { token, codeVerifier };
  const message = 'Send either flow and code, or token and codeVerifier.';
  throw new Refusal('BAD_USER_INPUT', { fields: [{ path: 'input', code: 'INVALID', message }] });
}
