/** Codes in mails and SMS: signing in, the second step and authentication inside a session. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { AuthMethod } from '../../domain/caller.ts';
import { beginCodeLogin } from '../../domain/sign-in/begin-code-login.ts';
import { completeCodeLogin } from '../../domain/sign-in/complete-code-login.ts';
import { beginMfaCode } from '../../domain/sign-in/mfa-code.ts';
import { beginReauthenticationCode } from '../../domain/sign-in/own-mail-code.ts';
import type { Context } from '../request/context.ts';
import { deliverOutcome } from '../request/delivery.ts';
import { LoginResult } from '../types/auth-session.ts';
import { BeginCodeLoginInput, CodeFlow, CompleteCodeLoginInput } from '../types/code.ts';
import { BeginMfaCodeInput } from '../types/mfa.ts';
import { AuthMethodEnum } from '../types/session.ts';

@Resolver()
export class CodesResolver {
  @Query(() => [AuthMethodEnum], {
    description: 'The methods that users can sign in with, in the order of the operator. Public.',
  })
  signInMethods(@Ctx() { unit }: Context): AuthMethod[] {
    return [...unit.settings.signInMethods];
  }

  @Mutation(() => CodeFlow, {
    description:
      'Mails a code to sign in with: `completeCodeLogin`. The answer is the same for every address; a mail is sent only to accounts that can sign in, and at most three times an hour to one address for one network. Errors: `FORBIDDEN` with the reason `METHOD_DISABLED`, `BAD_USER_INPUT`; `CAPTCHA_REQUIRED` where a captcha is due: see the query `captcha`.',
  })
  beginCodeLogin(
    @Arg('input', () => BeginCodeLoginInput, { description: 'The address.' }) input: BeginCodeLoginInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CodeFlow> {
    return beginCodeLogin(unit, caller, input);
  }

  @Mutation(() => LoginResult, {
    description:
      'Signs in with the code of a mail, or with its link in the browser that asked for it; returns `MfaChallenge` when the account has a second factor. Errors: `INVALID_CREDENTIALS` for a wrong code; `INVALID_TOKEN` for a flow, a token or a verifier that is unknown, used or expired, and after five wrong codes; `ACCOUNT_SUSPENDED`; `TOO_MANY_ATTEMPTS` and `RATE_LIMITED` with `retryAfter` as with `login`; `FORBIDDEN` with the reason `METHOD_DISABLED`, or `LOCATION_NOT_ALLOWED` after the right code in a refused country; `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async completeCodeLogin(
    @Arg('input', () => CompleteCodeLoginInput, { description: 'The code or the link.' }) input: CompleteCodeLoginInput,
    @Ctx() context: Context,
  ): Promise<typeof LoginResult> {
    return deliverOutcome(await completeCodeLogin(context.unit, context.caller, input), context);
  }

  @Mutation(() => CodeFlow, {
    description:
      'Sends a code for the second step: `verifyMfa` with the ticket, the method and the code. Another call replaces the code. Errors: `INVALID_MFA_TICKET`; `MFA_NOT_ENABLED` for a method that the challenge does not list; `RATE_LIMITED` with `retryAfter` after three mails in an hour; `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  beginMfaCode(
    @Arg('input', () => BeginMfaCodeInput, { description: 'The ticket and the method.' }) input: BeginMfaCodeInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<CodeFlow> {
    return beginMfaCode(unit, caller, input);
  }

  @Mutation(() => CodeFlow, {
    description:
      'Mails the signed-in user a code for `reauthenticate` in this session. Another call replaces the code. Errors: `UNAUTHENTICATED`, `RATE_LIMITED` with `retryAfter` after three mails in an hour.',
  })
  beginReauthenticationCode(@Ctx() { caller, unit }: Context): Promise<CodeFlow> {
    return beginReauthenticationCode(unit, caller);
  }
}
