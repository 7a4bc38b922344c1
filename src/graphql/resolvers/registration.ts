/** Registration, confirmation of the address, and password resets. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { readPasswordLink } from '../../domain/accounts/recovery/password-link.ts';
import { requestPasswordReset } from '../../domain/accounts/recovery/request-password-reset.ts';
import { resetPassword } from '../../domain/accounts/recovery/reset-password.ts';
import { register } from '../../domain/accounts/registration/register.ts';
import { resendVerificationEmail } from '../../domain/accounts/registration/resend-mail.ts';
import { verifyEmail } from '../../domain/accounts/registration/verify-email.ts';
import type { Context } from '../request/context.ts';
import {
  PasswordLink,
  RegisterInput,
  RegisterPayload,
  RequestPasswordResetInput,
  RequestPasswordResetPayload,
  ResendVerificationEmailInput,
  ResendVerificationEmailPayload,
  ResetPasswordInput,
  ResetPasswordPayload,
  VerifyEmailInput,
  VerifyEmailPayload,
} from '../types/registration.ts';

@Resolver()
export class RegistrationResolver {
  @Mutation(() => RegisterPayload, {
    description:
      'Registers an account. The answer does not reveal whether the address already has one. Errors: `BAD_USER_INPUT` with `fields`, `SERVICE_BUSY`; `FORBIDDEN` with the reason `LOCATION_NOT_ALLOWED` in a country that the operator refuses; `CAPTCHA_REQUIRED` where a captcha is due: see the query `captcha`; `EMAIL_TAKEN` only when verification is disabled.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'The new account.' }) input: RegisterInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RegisterPayload> {
    return { status: await register(unit, caller, input) };
  }

  @Mutation(() => VerifyEmailPayload, {
    description:
      'Confirms an address with the token of the mail and creates the account. The user signs in next. Errors: `INVALID_TOKEN`.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The token.' }) input: VerifyEmailInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<VerifyEmailPayload> {
    await verifyEmail(unit, caller, input.token);
    return { verified: true };
  }

  @Mutation(() => ResendVerificationEmailPayload, {
    description:
      'Sends the confirmation mail again. With the password of the registration the mail has a new link, valid for 24 hours, and the earlier link becomes invalid; without it, the same link is sent again. One client can send three mails per hour to one address. Errors: `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async resendVerificationEmail(
    @Arg('input', () => ResendVerificationEmailInput, { description: 'The address.' })
    input: ResendVerificationEmailInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ResendVerificationEmailPayload> {
    await resendVerificationEmail(unit, caller, input);
    return { accepted: true };
  }

  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Sends a mail with a link to choose a new password. Earlier links become invalid. At most three mails per hour are sent to one address. Errors: `BAD_USER_INPUT`; `CAPTCHA_REQUIRED` where a captcha is due: see the query `captcha`.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'The address.' }) input: RequestPasswordResetInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RequestPasswordResetPayload> {
    await requestPasswordReset(unit, caller, input.email);
    return { accepted: true };
  }

  @Query(() => PasswordLink, {
    nullable: true,
    description:
      'The account whose password a token of `resetPassword` sets, so that a page can name it before the user chooses the password. The token stays valid. Null for a token that is unknown, used or expired.',
  })
  passwordLink(
    @Arg('token', () => String, { description: 'The text after `#token=` in the link.' }) token: string,
    @Ctx() { unit }: Context,
  ): Promise<PasswordLink | null> {
    return readPasswordLink(unit, token);
  }

  @Mutation(() => ResetPasswordPayload, {
    description:
      'Sets a password with the token of a reset or an invitation. This also verifies the address, revokes every session of the account and removes its lockout. The user signs in next. Errors: `INVALID_TOKEN`, `BAD_USER_INPUT` with `fields`, `SERVICE_BUSY`.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The token and the new password.' })
    input: ResetPasswordInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ResetPasswordPayload> {
    await resetPassword(unit, caller, input);
    return { reset: true };
  }
}
