/** Passkeys: registering them, signing in with them, taking them away. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { viewerOf } from '../../domain/caller.ts';
import type { Context } from '../request/context.ts';
import { deliver } from '../request/delivery.ts';
import {
  BeginPasskeyLoginInput,
  BeginPasskeyLoginPayload,
  BeginPasskeyRegistrationInput,
  BeginPasskeyRegistrationPayload,
  ConfirmPasskeyInput,
  ConfirmPasskeyPayload,
  ConfirmPasskeyRegistrationInput,
  ConfirmPasskeyRegistrationPayload,
  LoginWithPasskeyInput,
  Passkey,
  RemovePasskeyInput,
  RemovePasskeyPayload,
} from '../types/passkey.ts';
import { AuthSession } from '../types/session.ts';
import { Viewer } from '../types/viewer.ts';

@Resolver(() => Viewer)
export class PasskeysResolver {
  @FieldResolver(() => [Passkey], { description: 'Your passkeys, the oldest first. Needs `mfa:own`.' })
  passkeys(@Root() { id }: Viewer, @Ctx() { services }: Context): Promise<Passkey[]> {
    return services.passkeys.listOf(id);
  }

  @Mutation(() => BeginPasskeyRegistrationPayload, {
    description:
      'Begins to set up a passkey: ask the browser for it, then call `confirmPasskeyRegistration` with the answer, through the same session. Needs `mfa:own`, a recent proof of who you are, and of a second factor where you have one. Errors: `REAUTHENTICATION_REQUIRED`, `CONFLICT` when you have ten already, `BAD_USER_INPUT`.',
  })
  beginPasskeyRegistration(
    @Arg('input', () => BeginPasskeyRegistrationInput, { defaultValue: {}, description: 'May be left out.' })
    input: BeginPasskeyRegistrationInput,
    @Ctx() { caller, services }: Context,
  ): Promise<BeginPasskeyRegistrationPayload> {
    return services.passkeys.beginRegistration(caller, input.accountName ?? null);
  }

  @Mutation(() => ConfirmPasskeyRegistrationPayload, {
    description:
      'Sets the passkey up, and lifts this session to `AAL2`. The first second factor of an account ends the other sessions. A passkey that is added after the first day of the account signs in without a password only after 24 hours, or after `confirmPasskey` with the mailed token. Errors: `INVALID_MFA_CODE` (begin again) for an answer that does not hold, or not to what this session was asked in the last five minutes; `MFA_ALREADY_ENABLED` for a passkey that is set up already, `CONFLICT` when you have ten, `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT`.',
  })
  confirmPasskeyRegistration(
    @Arg('input', () => ConfirmPasskeyRegistrationInput, { description: 'Answer and name.' })
    input: ConfirmPasskeyRegistrationInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ConfirmPasskeyRegistrationPayload> {
    return services.passkeys.confirmRegistration(caller, input);
  }

  @Mutation(() => ConfirmPasskeyPayload, {
    description:
      'Lets a new passkey sign in without a password at once instead of after 24 hours, with the token that was mailed when the passkey was added. A repeated call gives the same answer. Passkeys that are added on the first day of an account need no confirmation. Errors: `INVALID_TOKEN` for an unknown or expired token, and for a passkey that was removed.',
  })
  async confirmPasskey(
    @Arg('input', () => ConfirmPasskeyInput, { description: 'The token.' }) input: ConfirmPasskeyInput,
    @Ctx() { caller, services }: Context,
  ): Promise<ConfirmPasskeyPayload> {
    await services.passkeys.confirm(caller, input.token);
    return { confirmed: true };
  }

  @Mutation(() => BeginPasskeyLoginPayload, {
    description:
      'Begins to sign in with a passkey: ask the browser for it, then call `loginWithPasskey` with the answer. Errors, with a ticket only: `INVALID_MFA_TICKET`, `MFA_NOT_ENABLED` when the account has no passkey.',
  })
  beginPasskeyLogin(
    @Arg('input', () => BeginPasskeyLoginInput, { defaultValue: {}, description: 'May be left out.' })
    input: BeginPasskeyLoginInput,
    @Ctx() { caller, services }: Context,
  ): Promise<BeginPasskeyLoginPayload> {
    return services.passkeySignIns.begin(caller, input.ticket ?? null);
  }

  @Mutation(() => AuthSession, {
    description:
      'Signs in with a passkey: instead of a password, when the passkey was unlocked with a finger, a face or a PIN; or as the second step, with the ticket of `login`. The session is `AAL2` either way. Errors: `INVALID_CREDENTIALS`, the same for a passkey that is not known, one that was not unlocked and an answer that does not hold or came too late; with the right passkey `ACCOUNT_SUSPENDED`, and for one that was added recently `INVALID_CREDENTIALS` with the field code `PASSKEY_UNCONFIRMED` and `retryAfter`: sign in with the password and use the passkey as the second step, or follow the mailed link (`confirmPasskey`); `BAD_USER_INPUT`. With a ticket instead of these `INVALID_MFA_CODE`, `INVALID_MFA_TICKET` and `TOO_MANY_ATTEMPTS` as of `verifyMfa`, `SERVICE_BUSY`.',
  })
  async loginWithPasskey(
    @Arg('input', () => LoginWithPasskeyInput, { description: 'Answer, and ticket if there is one.' })
    input: LoginWithPasskeyInput,
    @Ctx() context: Context,
  ): Promise<AuthSession> {
    const { delivery, ...session } = await context.services.passkeySignIns.login(context.caller, input);
    return deliver(session, delivery, context);
  }

  @Mutation(() => RemovePasskeyPayload, {
    description:
      'Takes a passkey away; with the last second factor go the backup codes. Needs `mfa:own`, a recent proof of who you are, and a session that has seen a second factor. Errors: `REAUTHENTICATION_REQUIRED`, `NOT_FOUND`, also for passkeys of others.',
  })
  async removePasskey(
    @Arg('input', () => RemovePasskeyInput, { description: 'The passkey.' }) input: RemovePasskeyInput,
    @Ctx() { caller, services }: Context,
  ): Promise<RemovePasskeyPayload> {
    await services.passkeys.remove(caller, input.id);
    return { viewer: viewerOf(caller) };
  }
}
