/** Registering, confirming the address, and the way to a new password. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../request/context.ts';
import {
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
      'Registers an account. The answer does not reveal whether the address already has one. Errors: `BAD_USER_INPUT` with `fields`, `SERVICE_BUSY`; `EMAIL_TAKEN` only when verification is disabled.',
  })
  async register(
    @Arg('input', () => RegisterInput, { description: 'The new account.' }) input: RegisterInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RegisterPayload> {
    return { status: await services.registrations.register(caller, input) };
  }

  @Mutation(() => VerifyEmailPayload, {
    description:
      'Confirms an address with the token of the mail and creates the account. The user signs in next. Errors: `INVALID_TOKEN`.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The token.' }) input: VerifyEmailInput,
    @Ctx() { caller, services }: Context,
  ): Promise<VerifyEmailPayload> {
    await services.registrations.verifyEmail(caller, input.token);
    return { verified: true };
  }

  @Mutation(() => ResendVerificationEmailPayload, {
    description:
      'Sends the confirmation mail again. With the password of the registration the mail has a new link, valid for 24 hours, and the earlier link becomes invalid; without it, the same link is sent again. One client can send three mails per hour to one address. Errors: `BAD_USER_INPUT`, `SERVICE_BUSY`.',
  })
  async resendVerificationEmail(
    @Arg('input', () => ResendVerificationEmailInput, { description: 'The address.' })
    input: ResendVerificationEmailInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ResendVerificationEmailPayload> {
    await services.registrations.resendVerificationEmail(caller, input.email, input.password ?? null);
    return { accepted: true };
  }

  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Sends a mail with a link to choose a new password. Earlier links become invalid. At most three mails per hour are sent to one address. Errors: `BAD_USER_INPUT`.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'The address.' }) input: RequestPasswordResetInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RequestPasswordResetPayload> {
    await services.passwordResets.request(caller, input.email);
    return { accepted: true };
  }

  @Mutation(() => ResetPasswordPayload, {
    description:
      'Sets a password with the token of a reset or an invitation. This also verifies the address, revokes every session of the account and removes its lockout. The user signs in next. Errors: `INVALID_TOKEN`, `BAD_USER_INPUT` with `fields`, `SERVICE_BUSY`.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The token and the new password.' })
    input: ResetPasswordInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ResetPasswordPayload> {
    await services.passwordResets.reset(caller, input.token, input.newPassword);
    return { reset: true };
  }
}
